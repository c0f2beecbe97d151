# Stock lists that become the content of the warehouse.
cli-import = Take a stock list, CSV or a spreadsheet, into the warehouse database
cli-import-file = The list: CSV, XLSX, XLS or ODS; - reads it from stdin
cli-import-replace = The list is the whole stock: what it does not have is sold out (the default, checked for lists that lack most goods)
cli-import-merge = The list is a part of the stock: what it does not have stays as it is
cli-import-warehouse = The warehouse of a list that names none; only its stock is replaced
cli-import-column = Which column is what, by its heading or number: sku=Артикул, quantity=3, quantity[North]="Stock N"
cli-import-no-headings = The list has no headings; name the columns by their numbers
cli-import-encoding = The encoding of a CSV file: utf-8, windows-1251, cp866, koi8-r, utf-16le … (default: found out)
cli-import-delimiter = What stands between the cells of a CSV file: ; , | tab (default: found out)
cli-import-decimal = The mark before decimals: comma or point (default: found out)
cli-import-sheet = The sheet of a spreadsheet with several stock lists
cli-import-sum = Add up several lines for one SKU and warehouse; else they are wrong
cli-import-empty-as-zero = An empty quantity is 0; else it is wrong
cli-import-skip-without-sku = Leave out lines with a quantity and no SKU; else they are wrong
cli-import-errors = How many wrong lines to show, 1 to 1000
cli-import-dry-run = Only show what would change; nothing is written

progress-importing = Importing

import-title = { $rows ->
    [one] { $file }: { $rows } row imported into { $database }
   *[other] { $file }: { $rows } rows imported into { $database }
}
import-title-dry-run = { $rows ->
    [one] { $file }: { $rows } row for { $database }; nothing was written
   *[other] { $file }: { $rows } rows for { $database }; nothing was written
}
import-done = The list is imported
import-nothing-written = Nothing was written
import-read-text = Read as CSV in { $encoding }, "{ $delimiter }" between the cells
import-read-sheet = Read from sheet "{ $sheet }"
import-columns = Columns: { $columns }
import-mode-merge = The list is a part of the stock: what it does not have stays as it was
import-mode-replace = The list is the whole stock: what it does not have is sold out
import-mode-replace-one = The list is the whole stock of warehouse "{ $warehouse }": what it does not have is sold out there
import-rows = Rows new: { $new }, changed: { $changed }, removed: { $removed }, unchanged: { $unchanged }
import-products = SKUs that the warehouse did not know: { $count }
import-units = Units: { $before } -> { $after }
import-largest = Largest changes:
import-totals = { $count ->
    [one] Left out: { $count } line with a total
   *[other] Left out: { $count } lines with totals
}
import-without-sku = { $count ->
    [one] Left out: { $count } line with a quantity and no SKU
   *[other] Left out: { $count } lines with a quantity and no SKU
}
import-headings = { $count ->
    [one] Left out: { $count } line without SKU and quantity (headings of groups, signatures)
   *[other] Left out: { $count } lines without SKU and quantity (headings of groups, signatures)
}
import-line = line { $line }: { $text }
import-remark-number-sku = { $count ->
    [one] { $count } SKU stands as a number; zeros at its beginning, if it had any, are lost
   *[other] { $count } SKUs stand as numbers; zeros at their beginning, if they had any, are lost
}
import-remark-spaced-sku = { $count ->
    [one] { $count } SKU begins or ends with a space, and is kept so
   *[other] { $count } SKUs begin or end with a space, and are kept so
}
import-remark-long-sku = { $count ->
    [one] { $count } SKU has more than 40 characters, more than Wix stores
   *[other] { $count } SKUs have more than 40 characters, more than Wix stores
}
import-remark-negative = { $count ->
    [one] { $count } quantity is below zero; a run counts a sum below zero as none
   *[other] { $count } quantities are below zero; a run counts a sum below zero as none
}
import-remark-fraction = { $count ->
    [one] { $count } quantity has decimals; a run rounds the sum down
   *[other] { $count } quantities have decimals; a run rounds the sum down
}
import-next = `wixsync plan` shows what this changes in Wix.
import-not-counted = No run counts the units in these warehouses of the list, since [warehouse] warehouses does not name them: { $names }

import-part = { $lacking } of { $of } SKUs that have stock are not in the list; nothing was imported
hint-import-part = --replace: the list is the whole stock, and they are sold out. --merge: it is a part, and they stay as they are.

import-query = [warehouse] query is set, so the stock comes from tables of yours that an import does not write to
hint-import-query = Import where no query is set: into a database of its own, named by WIXSYNC_WAREHOUSE_URL.
import-file = { $file } cannot be read: { $detail }
hint-import-file = Check the path and that this user may read the file.
import-too-large = { $file } is larger than 1 GiB, and no stock list
hint-import-too-large = Name the stock list itself; one that is that long is imported in parts, with --merge.
import-warehouse-twice = The list names the warehouses itself; leave --warehouse out
hint-import-warehouse-twice = To give all lines one warehouse, leave the column out of the list.
import-which-warehouse = The list does not say in which warehouse the units lie; there are: { $names }
hint-import-which-warehouse = Say it with --warehouse NAME.
import-database = The warehouse database does not take the list: { $detail }
hint-import-database = Nothing was imported. Check the folder, the rights on the file, the space left, and that no other program locks it.
import-state-database = { $database } holds the state of a wixsync: its runs and its tokens. A stock list is not written into it
hint-import-state-database = Name the warehouse database in WIXSYNC_WAREHOUSE_URL, or a file that does not exist yet.
import-not-a-table = "{ $table }" is a view, or a table without row numbers; an import cannot write to it
import-missing-columns = Table { $table } has no column { $columns }
hint-import-tables = Expected are product(sku, …) and stock(sku, warehouse, quantity). In a database that does not exist yet, an import makes them.
import-not-kept = The database makes something else of SKU { $sku }: { $found }. Nothing was imported
hint-import-not-kept = Declare the columns sku and warehouse as TEXT and quantity as NUMERIC, or import into a new database.

import-empty = { $file } is empty
import-not-a-list-markup = { $file } is a web page or XML, whatever its name says
import-not-a-list-pdf = { $file } is a PDF document
import-not-a-list-archive = { $file } is an archive
import-not-a-list-moxel = { $file } is a spreadsheet in 1C's own format (MXL)
import-not-a-list-database = { $file } is a database
import-not-a-list-binary = { $file } is no text and no spreadsheet
hint-import-save-anew = Save the list as CSV or XLSX in the program that it comes from.
import-unclear-encoding = It cannot be told in which encoding { $file } is. This line reads so:
hint-import-encoding = Name the encoding: --encoding windows-1251, for instance. Or save the list as XLSX, or as CSV in UTF-8.
import-broken-workbook = { $file } cannot be opened: { $detail }
import-unzipped-too-large = { $file } has more than { $mib } MiB once it is unzipped, and is no stock list
hint-import-unzipped-too-large = Save the list alone as a new workbook or as CSV; one that is that long is imported in parts, with --merge.
import-long-cell = { $file } has a cell with more than 1 MiB of text, and is no stock list
hint-import-long-cell = Empty that cell, or save the columns of the list alone as a new workbook or as CSV.
import-protected = { $file } is protected by a password
hint-import-protected = Save it without the password.
import-no-sheets = { $file } is a text and has no sheets
hint-import-no-sheets = Leave --sheet out, or name the spreadsheet that has it.
import-no-such-sheet = { $file } has no sheet "{ $sheet }"; it has { $sheets }
import-several-sheets = Several sheets of { $file } hold a stock list: { $sheets }
hint-import-sheet = Name the sheet with --sheet NAME.
import-no-headings = { $file }: no column is named so that it could be: { $missing }. Line { $line } comes nearest: { $headings }
import-several-columns = { $file }: several columns could be { $field }: { $headings }
import-no-such-column = { $file } has no column "{ $column }" for { $field }; it has: { $headings }
hint-import-columns = Say which column is what, by its heading or number: --column sku=Article --column quantity=3
hint-import-quantities = Choose one: --column quantity=3. Where each is a warehouse's: --column "quantity[North]=3" --column "quantity[South]=4"
import-numbers-needed = Without headings, the columns must be named by their numbers
import-no-numbers = { $file }: column { $column } holds no number
hint-import-numbers = Count the columns from 1: --column sku=1 --column quantity=3
import-no-rows = { $file } has headings and no goods below them
import-bad-lines = { $count ->
    [one] { $file }: { $count } line is wrong; nothing was imported
   *[other] { $file }: { $count } lines are wrong; nothing was imported
}
import-bad-line = line { $line }: { $reason }
import-more-bad-lines = and { $count } more (--errors N shows more)
hint-import-mend = Mend these lines in the program that the list comes from, and import it again.
hint-import-delimiter = Quotation marks belong around a whole cell, doubled inside it. If the delimiter was found wrong: --delimiter C.
hint-import-no-sku = Give these goods a SKU, or leave them out with --skip-without-sku.
hint-import-sku-as-text = The spreadsheet program has changed these SKUs. Make the column Text, enter them again, and save.
hint-import-no-quantity = If an empty cell means that there is none: --empty-as-zero.
hint-import-decimal = Say which mark stands before decimals: --decimal comma or --decimal point.
hint-import-twice = If the lines are to be added up: --sum. If they lie in several warehouses, name that column: --column warehouse=…
import-bad-not-in-encoding = it has bytes that { $encoding } does not have
import-bad-open-quote = a quotation mark opens here and is never closed
import-bad-too-many-cells = it has { $cells } cells below { $headings } headings
import-bad-long-cell = a cell has more than 1 MiB of text
import-bad-no-sku = a quantity without a SKU
import-bad-long-sku = the SKU has more than { $most } characters
import-bad-shortened-sku = SKU { $value } was a long number; its digits are lost
import-bad-long-number-sku = SKU { $value } is a number longer than a spreadsheet keeps; its last digits are lost
import-bad-date-sku = the SKU has become a date
import-bad-odd-sku = SKU { $value } is no text
import-bad-control-in-sku = the SKU has a line break or a control character in it
import-bad-damaged-sku = letters of the SKU were lost in an earlier conversion
import-bad-no-warehouse = the warehouse is missing
import-bad-no-quantity = the quantity is missing
import-bad-not-a-number = quantity "{ $value }" is no number
import-bad-unclear-number = quantity "{ $value }" may mean thousands or decimals
import-bad-long-number = quantity "{ $value }" has more than 15 digits
import-bad-twice = SKU and warehouse stand on line { $first } already
