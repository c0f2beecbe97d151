# The import of stock lists.
cli-import = Load a stock list (CSV, spreadsheet, JSON or DBF) into the warehouse database
cli-import-file = The list, in one or several files: CSV, XLSX, XLS, ODS, JSON, DBF, or one of them in a ZIP archive; - reads it from stdin
cli-import-replace = The list is the complete stock: products not in it are sold out (the default; giving it allows lists that lack most products)
cli-import-merge = The list is part of the stock: products not in it stay unchanged
cli-import-warehouse = The warehouse, if the list has no warehouse column (only its stock is replaced) or has empty cells in it
cli-import-column = Which column holds what, by heading, letter or number: sku=Article, quantity=E, quantity[North]="Stock N"; warehouse=none if no column is the warehouse
cli-import-no-headings = The list has no headings; give the columns by number
cli-import-encoding = Encoding of a CSV file: utf-8, windows-1251, cp866, koi8-r, utf-16le … (default: detected)
cli-import-delimiter = Delimiter of a CSV file: ; , | tab (default: detected)
cli-import-decimal = Decimal mark: comma or point (default: detected)
cli-import-sheet = The sheet, if several sheets contain a stock list; all reads them as one list
cli-import-quantity-words = What words in the quantity column mean: "yes=5,>50=50,no=0"; keep leaves the stock of the line unchanged
cli-import-strip-units = Read quantities with a unit of measure, such as 5 pcs (otherwise an error)
cli-import-subtract = A column of reserved units to subtract from the quantity: reserved=D
cli-import-skip-hidden = Skip the lines that the spreadsheet program hides (otherwise they are read and reported)
cli-import-ignore-total = Import a list whose totals are not the sums of its lines (otherwise an error)
cli-import-sum = Add up several lines for one SKU and warehouse (otherwise an error)
cli-import-empty-as-zero = Treat an empty quantity as 0 (otherwise an error)
cli-import-skip-without-sku = Skip lines that have a quantity but no SKU (otherwise an error)
cli-import-profile = Use the options that are saved under this name; options given here come first
cli-import-save-profile = After the import, save the options under this name in wixsync.toml: [import.NAME]
cli-import-watch = Import each new file of this folder until stopped; a pattern may follow: lists/*.xlsx
cli-import-errors = How many invalid lines to show, 1 to 1000
cli-import-dry-run = Only show what would change; write nothing

progress-importing = Importing

import-title = { $rows ->
    [one] { $file }: { $rows } row imported into { $database }
   *[other] { $file }: { $rows } rows imported into { $database }
}
import-title-dry-run = { $rows ->
    [one] { $file }: { $rows } row would be imported into { $database }; nothing was written
   *[other] { $file }: { $rows } rows would be imported into { $database }; nothing was written
}
import-done = The list has been imported
import-nothing-written = Nothing was written
import-read-text = Read as CSV, encoding { $encoding }, delimiter "{ $delimiter }"
import-read-sheet = Read from sheet "{ $sheet }"
import-read-json = Read as JSON
import-read-dbf = Read as a dBASE table (DBF), encoding { $encoding }
import-read-file = From { $file }:
import-columns = Columns: { $columns }
import-unused = Not used: { $columns }
import-reserved = Reserved units are not subtracted; to subtract them, use --subtract reserved={ $column }
import-unknown-headings = Line { $line } counts as the headings, though none of them is known
import-passed-over = Sheets not read: { $sheets }
import-kept = { $count ->
    [one] { $count } SKU keeps its stock, because its quantity is unknown
   *[other] { $count } SKUs keep their stock, because their quantities are unknown
}
import-near-misses = { $count ->
    [one] { $count } SKU is not sold out, because a new SKU is spelled almost the same (near_miss); its stock stays unchanged. Correct one of the two spellings
   *[other] { $count } SKUs are not sold out, because new SKUs are spelled almost the same (near_miss); their stock stays unchanged. Correct one of the two spellings
}
import-near-miss = { $stored } in the warehouse, { $listed } in the list ({ $differences })
import-mode-merge = The list is part of the stock: products not in it stay unchanged
import-mode-replace = The list is the complete stock: products not in it are sold out
import-mode-replace-one = The list is the complete stock of warehouse "{ $warehouse }": products not in it are sold out there
import-rows = Rows added: { $new }, changed: { $changed }, removed: { $removed }, unchanged: { $unchanged }
import-products = New SKUs in the warehouse: { $count }
import-units = Units: { $before } -> { $after }
import-largest = Largest changes:
import-totals = { $count ->
    [one] Skipped: { $count } line with a total
   *[other] Skipped: { $count } lines with totals
}
import-without-sku = { $count ->
    [one] Skipped: { $count } line with a quantity but no SKU
   *[other] Skipped: { $count } lines with a quantity but no SKU
}
import-groups = { $count ->
    [one] Skipped: { $count } line with a text in the SKU column alone (group headings, signatures)
   *[other] Skipped: { $count } lines with a text in the SKU column alone (group headings, signatures)
}
import-hidden = { $count ->
    [one] Skipped: { $count } hidden line
   *[other] Skipped: { $count } hidden lines
}
import-headings = { $count ->
    [one] Skipped: { $count } line without SKU and quantity (group headings, signatures)
   *[other] Skipped: { $count } lines without SKU and quantity (group headings, signatures)
}
import-line = line { $line }: { $text }
import-remark-number-sku = { $count ->
    [one] { $count } SKU is stored as a number; if it had leading zeros, they are lost
   *[other] { $count } SKUs are stored as numbers; if they had leading zeros, these are lost
}
import-remark-spaced-sku = { $count ->
    [one] { $count } SKU begins or ends with a space, which is kept
   *[other] { $count } SKUs begin or end with a space, which is kept
}
import-remark-long-sku = { $count ->
    [one] { $count } SKU has more than the 40 characters that Wix stores
   *[other] { $count } SKUs have more than the 40 characters that Wix stores
}
import-remark-negative = { $count ->
    [one] { $count } quantity is below zero; a run counts a total below zero as 0
   *[other] { $count } quantities are below zero; a run counts a total below zero as 0
}
import-remark-fraction = { $count ->
    [one] { $count } quantity has decimals; a run rounds the total down
   *[other] { $count } quantities have decimals; a run rounds the total down
}
import-remark-guarded-sku = { $count ->
    [one] { $count } SKU was marked as text by ="" or an apostrophe; the mark was removed
   *[other] { $count } SKUs were marked as text by ="" or an apostrophe; the marks were removed
}
import-remark-apostrophe-sku = { $count ->
    [one] { $count } SKU begins with an apostrophe, which is kept
   *[other] { $count } SKUs begin with an apostrophe, which is kept
}
import-remark-hidden = { $count ->
    [one] { $count } line is hidden in the spreadsheet and was read too; --skip-hidden skips it
   *[other] { $count } lines are hidden in the spreadsheet and were read too; --skip-hidden skips them
}
import-remark-filled-warehouse = { $count ->
    [one] { $count } line has no warehouse and gets the one of --warehouse
   *[other] { $count } lines have no warehouse and get the one of --warehouse
}
import-remark-odd-price = { $count ->
    [one] { $count } price is not a plain number and was not imported
   *[other] { $count } prices are not plain numbers and were not imported
}
import-remark-only-flags = { $count ->
    [one] The { $count } quantity is 0 or 1, and its heading may mean yes or no; check that it is a quantity
   *[other] All { $count } quantities are 0 or 1, and their heading may mean yes or no; check that they are quantities
}
import-next = `wixsync plan` shows what this changes in Wix.
import-not-counted = Runs ignore the stock in these warehouses of the list, because [warehouse] warehouses does not contain them: { $names }

import-part = { $lacking } of { $of } SKUs with stock are not in the list; nothing was written
hint-import-part = Use --replace if the list is the complete stock and these products are sold out. Use --merge if it is part of the stock and they stay unchanged.

import-query = [warehouse] query is set, so the stock comes from your own tables; an import does not write to them
hint-import-query = Import into a separate database, set in WIXSYNC_WAREHOUSE_URL, without a query.
import-file = Cannot read { $file }: { $detail }
hint-import-file = Check the path, and that this user may read the file.
import-too-large = { $file } is larger than 1 GiB, too large for a stock list
hint-import-too-large = Check that this is the stock list. If it is really that long, import it in parts with --merge.
import-warehouse-twice = The list has a warehouse column; leave --warehouse out
hint-import-warehouse-twice = To use one warehouse for all lines, remove the column from the list.
import-which-warehouse = The list does not name a warehouse; warehouses in the database: { $names }
hint-import-which-warehouse = Name the warehouse with --warehouse NAME.
import-database = Cannot write the list to the warehouse database: { $detail }
hint-import-database = Nothing was written. Check the folder, the permissions of the file, the free disk space, and that no other program is locking the database.
import-state-database = { $database } is a wixsync state database with runs and tokens; a stock list cannot be imported into it
hint-import-state-database = Set WIXSYNC_WAREHOUSE_URL to the warehouse database, or to a file that does not exist yet.
import-on-server = The warehouse is a database on a server ({ $address }); an import writes only to a SQLite file
hint-import-on-server = Fill its tables with the programs of that database. Or import into a file of its own, set in WIXSYNC_WAREHOUSE_URL.
import-not-a-table = "{ $table }" is a view or a table without row ids; an import cannot write to it
import-missing-columns = Table { $table } has no column { $columns }
hint-import-tables = wixsync expects product(sku, …) and stock(sku, warehouse, quantity). If the database does not exist yet, an import creates them.
import-not-kept = The database changes SKU { $sku }: { $found }; nothing was written
hint-import-not-kept = Declare the columns sku and warehouse as TEXT and quantity as NUMERIC, or import into a new database.

import-empty = { $file } is empty
import-not-a-list-markup = { $file } is a web page or XML, despite its name
import-not-a-list-pdf = { $file } is a PDF document
import-not-a-list-archive = { $file } is an archive
import-not-a-list-moxel = { $file } is a spreadsheet in 1C's native format (MXL)
import-not-a-list-database = { $file } is a database
import-not-a-list-binary-workbook = { $file } is a workbook in a binary format (XLSB or Numbers)
import-not-a-list-dbf = { $file } is a dBASE table (DBF) whose header does not add up
import-several-files = { $file } has several files: { $files }
hint-import-several-files = Unpack it and give the files of the list: wixsync import FILE…
import-mixed-warehouses = { $file }: some parts of the list name warehouses and others do not
hint-import-mixed-warehouses = Import the parts without a warehouse separately, with --warehouse NAME.
import-subtract-from = { $file }: it is unclear from which quantity column the reserved units are to be subtracted
hint-import-subtract-from = Use one --subtract reserved=COLUMN. If each warehouse has its own columns: --subtract "reserved[North]=COLUMN" for each warehouse that --column "quantity[North]=COLUMN" names.
import-not-a-list-binary = { $file } is neither a text file nor a spreadsheet
hint-import-save-anew = Save the list as CSV or XLSX in the program that it comes from.
import-unclear-encoding = The encoding of { $file } is unclear. This line reads:
hint-import-encoding = Give the encoding, for example --encoding windows-1251. Or save the list as XLSX, or as CSV in UTF-8.
import-broken-workbook = Cannot open { $file }: { $detail }
import-unzipped-too-large = { $file } has more than { $mib } MiB when unzipped, too large for a stock list
hint-import-unzipped-too-large = Save only the list as a new workbook or as CSV. If it is really that long, import it in parts with --merge.
import-long-cell = { $file } has a cell with more than 1 MiB of text, too long for a stock list
hint-import-long-cell = Empty that cell, or save only the columns of the list as a new workbook or as CSV.
import-protected = { $file } is protected by a password
hint-import-protected = Save it without the password.
import-no-sheets = { $file } is a text file without sheets
hint-import-no-sheets = Leave --sheet out, or give the spreadsheet that has this sheet.
import-no-such-sheet = { $file } has no sheet "{ $sheet }"; its sheets: { $sheets }
import-several-sheets = Several sheets in { $file } contain a stock list: { $sheets }
hint-import-sheet = Choose the sheet with --sheet NAME, or read all of them as one list with --sheet all.
import-no-headings = { $file }: no column looks like { $missing }; the closest line is { $line }: { $headings }
import-several-columns = { $file }: several columns could be { $field }: { $headings }
import-no-such-column = { $file } has no column "{ $column }" for { $field }; its columns: { $headings }
hint-import-columns = Assign the columns by letter, number or heading: --column sku=… --column quantity=…; if there are no headings, add --no-headings.
hint-import-choose = Choose one: { $each }
hint-import-warehouses = If each is the stock of a warehouse: { $all }. Otherwise choose one: { $each }
import-numbers-needed = Without headings, columns must be given by number
import-no-numbers = { $file }: column { $column } contains no numbers
hint-import-numbers = Count the columns from 1: --column sku=1 --column quantity=3
import-no-rows = { $file } has headings but no products below them
import-bad-lines = { $count ->
    [one] { $file }: { $count } line is invalid; nothing was written
   *[other] { $file }: { $count } lines are invalid; nothing was written
}
import-bad-line = line { $line }: { $reason }
import-bad-line-in = { $place }, line { $line }: { $reason }
import-more-bad-lines = and { $count } more (--errors N shows more)
import-hint-for-line = line { $line } and others like it: { $hint }
hint-import-mend = Correct these lines in the program that the list comes from, and import it again.
hint-import-delimiter = A cell in quotation marks must close before the next delimiter, and marks inside it must be doubled. Correct these marks, or import an XLSX file. If the delimiter was detected wrong, give it with --delimiter C.
hint-import-no-sku = Give these products a SKU, or skip them with --skip-without-sku.
hint-import-sku-as-text = The spreadsheet program has changed these SKUs. Format the column as text, enter them again, and save.
hint-import-no-quantity = If an empty cell means that there is no stock, use --empty-as-zero.
hint-import-words = Say what these quantities mean (keep leaves the stock unchanged): { $options }
hint-import-no-result = Open the file in the spreadsheet program and save it there, so that it stores the results.
hint-import-no-warehouse = To use one warehouse for lines without one, give --warehouse NAME. If this column does not hold warehouses, give --column warehouse=none.
hint-import-total = A line is missing, hidden or read wrong, or the total is out of date. If the lines are right, use --ignore-total.
hint-import-decimal = Give the decimal mark: --decimal comma or --decimal point.
hint-import-twice = To add the lines up, use --sum. If they belong to different warehouses, give that column: --column warehouse=…
import-bad-not-in-encoding = it contains bytes that are invalid in { $encoding }
import-bad-open-quote = a quotation mark is opened here and never closed
import-bad-text-after-quote = text follows the quotation mark that closes a cell
import-bad-lines-in-cell = a cell holds what looks like other lines; a quotation mark may be open
import-bad-not-json = it is not a JSON object
import-bad-above-headings = it looks like a product, but stands above the headings; the headings above it may be damaged
import-bad-no-result = the cell is a formula whose result is not stored in the file
import-bad-formatted-sku = SKU { $value } is a number that the spreadsheet shows in another form
import-bad-formatted-sku-as = SKU { $value } is a number that the spreadsheet shows as { $shown }
import-bad-mixed-units = quantity "{ $value }" has another unit of measure than the lines above
import-bad-total-disagrees = the total is { $total }, but the lines add up to { $sum }
import-bad-too-many-cells = it has { $cells } cells, but there are { $headings } headings
import-bad-long-cell = a cell has more than 1 MiB of text
import-bad-no-sku = quantity without a SKU
import-bad-long-sku = the SKU has more than { $most } characters
import-bad-shortened-sku = SKU { $value } was a long number; its digits are lost
import-bad-long-number-sku = SKU { $value } is a number with more digits than a spreadsheet stores; its last digits are lost
import-bad-date-sku = the spreadsheet program turned the SKU into a date
import-bad-odd-sku = SKU { $value } is not text
import-bad-control-in-sku = the SKU contains a line break or a control character
import-bad-damaged-sku = characters of the SKU were lost in an earlier conversion
import-bad-no-warehouse = the warehouse is missing
import-bad-no-quantity = the quantity is missing
import-bad-not-a-number = quantity "{ $value }" is not a number
import-bad-unclear-number = quantity "{ $value }" could mean thousands or decimals
import-bad-long-number = quantity "{ $value }" has more than 15 digits
import-bad-twice = line { $first } already has this SKU and warehouse
import-bad-twice-in = line { $first } of { $place } already has this SKU and warehouse

import-profile-saved = The options are saved in { $file }; from now on: wixsync import FILE --profile { $name }
import-no-such-profile = There is no profile "{ $name }"; profiles: { $names }
hint-import-no-such-profile = Save one with --save-profile NAME, or add [import.NAME] to wixsync.toml.
import-folder = Cannot watch the folder { $folder }: { $detail }
hint-import-folder = Check that the folder exists, and that this user may read it and move files in it. A pattern stands at its end: lists/*.xlsx
import-watching = Watching { $folder }; new files are imported and moved to done or refused. Ctrl-C stops
import-moved = { $file } -> { $place }
import-not-moved = Cannot move { $file } out of the way: { $detail }. It is not imported again unless it changes
import-not-fetched = Cannot get the list from { $address }: { $detail }
log-imported = { $rows ->
    [one] Imported { $rows } row from { $file } (profile { $profile })
   *[other] Imported { $rows } rows from { $file } (profile { $profile })
}
