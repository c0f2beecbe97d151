# Загрузка списков остатков.
cli-import = Загрузить список остатков (CSV, таблицу, JSON или DBF) в базу склада
cli-import-file = Список, в одном или нескольких файлах: CSV, XLSX, XLS, ODS, JSON, DBF или один из них в архиве ZIP; - читает из stdin
cli-import-replace = Список содержит все остатки: товары, которых в нём нет, распроданы (так и по умолчанию; с этим параметром можно загрузить список без большей части товаров)
cli-import-merge = Список содержит часть остатков: товары, которых в нём нет, не меняются
cli-import-warehouse = Склад, если в списке нет столбца склада (заменяются остатки только этого склада) или в нём есть пустые ячейки
cli-import-column = Что в каком столбце, по заголовку, букве или номеру: sku=Артикул, quantity=E, quantity[Север]="Остаток С"; warehouse=none, если столбца склада нет
cli-import-no-headings = В списке нет заголовков; укажите столбцы номерами
cli-import-encoding = Кодировка файла CSV: utf-8, windows-1251, cp866, koi8-r, utf-16le … (по умолчанию определяется)
cli-import-delimiter = Разделитель ячеек файла CSV: ; , | tab (по умолчанию определяется)
cli-import-decimal = Знак перед дробной частью: comma (запятая) или point (точка); по умолчанию определяется
cli-import-sheet = Лист, если списки остатков есть на нескольких листах; all читает их как один список
cli-import-quantity-words = Что значат слова в столбце количества: "есть=5,>50=50,нет=0"; keep оставляет остаток строки без изменений
cli-import-strip-units = Читать количества с единицей измерения, например 5 шт (без этого — ошибка)
cli-import-subtract = Столбец с резервом, который вычитается из количества: reserved=D
cli-import-skip-hidden = Пропускать строки, скрытые в программе таблиц (без этого они читаются, и об этом сообщается)
cli-import-ignore-total = Загрузить список, в котором итоги не равны суммам строк (без этого — ошибка)
cli-import-sum = Складывать несколько строк с одним артикулом и складом (без этого — ошибка)
cli-import-empty-as-zero = Считать пустое количество нулём (без этого — ошибка)
cli-import-skip-without-sku = Пропускать строки, где есть количество, но нет артикула (без этого — ошибка)
cli-import-profile = Взять параметры, сохранённые под этим именем; указанные здесь важнее
cli-import-save-profile = После загрузки сохранить параметры под этим именем в wixsync.toml: [import.ИМЯ]
cli-import-watch = Загружать каждый новый файл из этого каталога, пока команду не остановят; можно с шаблоном: lists/*.xlsx
cli-import-errors = Сколько ошибочных строк показать, от 1 до 1000
cli-import-dry-run = Только показать, что изменится; ничего не записывать

progress-importing = Загрузка

import-title = { $rows ->
    [one] { $file }: загружена { $rows } строка в { $database }
    [few] { $file }: загружены { $rows } строки в { $database }
   *[other] { $file }: загружено { $rows } строк в { $database }
}
import-title-dry-run = { $rows ->
    [one] { $file }: { $rows } строка была бы загружена в { $database }; ничего не записано
    [few] { $file }: { $rows } строки были бы загружены в { $database }; ничего не записано
   *[other] { $file }: { $rows } строк было бы загружено в { $database }; ничего не записано
}
import-done = Список загружен
import-nothing-written = Ничего не записано
import-read-text = Прочитан как CSV, кодировка { $encoding }, разделитель «{ $delimiter }»
import-read-sheet = Прочитан с листа «{ $sheet }»
import-read-json = Прочитан как JSON
import-read-dbf = Прочитано как таблица dBASE (DBF), кодировка { $encoding }
import-read-file = Из { $file }:
import-columns = Столбцы: { $columns }
import-unused = Не использованы: { $columns }
import-reserved = Резерв не вычитается; чтобы вычесть его, укажите --subtract reserved={ $column }
import-unknown-headings = Строка { $line } принята за заголовки, хотя ни один из них не известен
import-passed-over = Непрочитанные листы: { $sheets }
import-kept = { $count ->
    [one] Остаток { $count } артикула не меняется: количество неизвестно
    [few] Остатки { $count } артикулов не меняются: количества неизвестны
   *[other] Остатки { $count } артикулов не меняются: количества неизвестны
}
import-near-misses = { $count ->
    [one] { $count } артикул не считается распроданным: почти так же пишется новый (near_miss); его остаток не изменён. Исправьте одно из двух написаний
    [few] { $count } артикула не считаются распроданными: почти так же пишутся новые (near_miss); их остатки не изменены. Исправьте одно из двух написаний
   *[other] { $count } артикулов не считаются распроданными: почти так же пишутся новые (near_miss); их остатки не изменены. Исправьте одно из двух написаний
}
import-near-miss = { $stored } на складе, { $listed } в списке ({ $differences })
import-mode-merge = Список содержит часть остатков: товары, которых в нём нет, не меняются
import-mode-replace = Список содержит все остатки: товары, которых в нём нет, распроданы
import-mode-replace-one = Список содержит все остатки склада «{ $warehouse }»: товары, которых в нём нет, на этом складе распроданы
import-rows = Строк добавлено: { $new }, изменено: { $changed }, удалено: { $removed }, без изменений: { $unchanged }
import-products = Новых артикулов на складе: { $count }
import-units = Единиц: { $before } -> { $after }
import-largest = Самые большие изменения:
import-totals = { $count ->
    [one] Пропущена { $count } строка с итогом
    [few] Пропущены { $count } строки с итогами
   *[other] Пропущено { $count } строк с итогами
}
import-without-sku = { $count ->
    [one] Пропущена { $count } строка, где есть количество, но нет артикула
    [few] Пропущены { $count } строки, где есть количество, но нет артикула
   *[other] Пропущено { $count } строк, где есть количество, но нет артикула
}
import-groups = { $count ->
    [one] Пропущена { $count } строка, где заполнен только столбец артикула (заголовки групп, подписи)
    [few] Пропущены { $count } строки, где заполнен только столбец артикула (заголовки групп, подписи)
   *[other] Пропущено { $count } строк, где заполнен только столбец артикула (заголовки групп, подписи)
}
import-hidden = { $count ->
    [one] Пропущена { $count } скрытая строка
    [few] Пропущены { $count } скрытые строки
   *[other] Пропущено { $count } скрытых строк
}
import-headings = { $count ->
    [one] Пропущена { $count } строка без артикула и количества (заголовки групп, подписи)
    [few] Пропущены { $count } строки без артикула и количества (заголовки групп, подписи)
   *[other] Пропущено { $count } строк без артикула и количества (заголовки групп, подписи)
}
import-line = строка { $line }: { $text }
import-remark-number-sku = { $count ->
    [one] { $count } артикул хранится как число; если в начале были нули, они потеряны
    [few] { $count } артикула хранятся как числа; если в начале были нули, они потеряны
   *[other] { $count } артикулов хранятся как числа; если в начале были нули, они потеряны
}
import-remark-spaced-sku = { $count ->
    [one] { $count } артикул начинается или заканчивается пробелом; пробел сохранён
    [few] { $count } артикула начинаются или заканчиваются пробелом; пробелы сохранены
   *[other] { $count } артикулов начинаются или заканчиваются пробелом; пробелы сохранены
}
import-remark-long-sku = { $count ->
    [one] { $count } артикул длиннее 40 символов, которые хранит Wix
    [few] { $count } артикула длиннее 40 символов, которые хранит Wix
   *[other] { $count } артикулов длиннее 40 символов, которые хранит Wix
}
import-remark-negative = { $count ->
    [one] { $count } количество меньше нуля; сумма меньше нуля считается нулём
    [few] { $count } количества меньше нуля; сумма меньше нуля считается нулём
   *[other] { $count } количеств меньше нуля; сумма меньше нуля считается нулём
}
import-remark-fraction = { $count ->
    [one] { $count } количество с дробной частью; сумма округляется вниз
    [few] { $count } количества с дробной частью; сумма округляется вниз
   *[other] { $count } количеств с дробной частью; сумма округляется вниз
}
import-remark-guarded-sku = { $count ->
    [one] { $count } артикул был отмечен как текст знаками ="" или апострофом; отметка убрана
    [few] { $count } артикула были отмечены как текст знаками ="" или апострофом; отметки убраны
   *[other] { $count } артикулов были отмечены как текст знаками ="" или апострофом; отметки убраны
}
import-remark-apostrophe-sku = { $count ->
    [one] { $count } артикул начинается с апострофа; апостроф сохранён
    [few] { $count } артикула начинаются с апострофа; апострофы сохранены
   *[other] { $count } артикулов начинаются с апострофа; апострофы сохранены
}
import-remark-hidden = { $count ->
    [one] { $count } строка скрыта в таблице, но тоже прочитана; --skip-hidden пропускает её
    [few] { $count } строки скрыты в таблице, но тоже прочитаны; --skip-hidden пропускает их
   *[other] { $count } строк скрыто в таблице, но тоже прочитано; --skip-hidden пропускает их
}
import-remark-filled-warehouse = { $count ->
    [one] В { $count } строке нет склада, взят склад из --warehouse
    [few] В { $count } строках нет склада, взят склад из --warehouse
   *[other] В { $count } строках нет склада, взят склад из --warehouse
}
import-remark-odd-price = { $count ->
    [one] { $count } цена — не просто число и не загружена
    [few] { $count } цены — не просто числа и не загружены
   *[other] { $count } цен — не просто числа и не загружены
}
import-remark-only-flags = { $count ->
    [one] Каждое количество ({ $count }) — 0 или 1, а заголовок может значить «да» или «нет»; проверьте, что это количества
    [few] Все количества ({ $count }) — 0 или 1, а заголовок может значить «да» или «нет»; проверьте, что это количества
   *[other] Все количества ({ $count }) — 0 или 1, а заголовок может значить «да» или «нет»; проверьте, что это количества
}
import-next = `wixsync plan` покажет, что это изменит в Wix.
import-not-counted = Запуски не учитывают остатки на этих складах из списка, потому что их нет в [warehouse] warehouses: { $names }

import-part = { $of ->
    [one] { $lacking } из { $of } артикула с остатком нет в списке; ничего не записано
    [few] { $lacking } из { $of } артикулов с остатком нет в списке; ничего не записано
   *[other] { $lacking } из { $of } артикулов с остатком нет в списке; ничего не записано
}
hint-import-part = Если список содержит все остатки и этих товаров больше нет, укажите --replace. Если это часть остатков и эти товары не меняются, укажите --merge.

import-query = Задан [warehouse] query: остатки берутся из ваших таблиц, а в них загрузка не пишет
hint-import-query = Загружайте в отдельную базу без запроса; укажите её в WIXSYNC_WAREHOUSE_URL.
import-file = Не удалось прочитать { $file }: { $detail }
hint-import-file = Проверьте путь и права этого пользователя на чтение файла.
import-too-large = { $file } больше 1 ГиБ; для списка остатков это слишком много
hint-import-too-large = Проверьте, список ли это остатков. Если он действительно такой длинный, загрузите его частями, с --merge.
import-warehouse-twice = В списке есть столбец склада; уберите --warehouse
hint-import-warehouse-twice = Чтобы у всех строк был один склад, уберите этот столбец из списка.
import-which-warehouse = В списке не указан склад; склады в базе: { $names }
hint-import-which-warehouse = Укажите склад: --warehouse ИМЯ.
import-database = Не удалось записать список в базу склада: { $detail }
hint-import-database = Ничего не записано. Проверьте папку, права на файл, свободное место на диске и не заблокирована ли база другой программой.
import-state-database = { $database } — база состояния wixsync с запусками и токенами; список остатков в неё загрузить нельзя
hint-import-state-database = Укажите в WIXSYNC_WAREHOUSE_URL базу склада или файл, которого ещё нет.
import-on-server = База склада находится на сервере ({ $address }); загрузка пишет только в файл SQLite
hint-import-on-server = Заполняйте её таблицы средствами самой базы. Или загружайте в отдельный файл; укажите его в WIXSYNC_WAREHOUSE_URL.
import-not-a-table = «{ $table }» — представление или таблица без номеров строк; загрузка не может в неё писать
import-missing-columns = В таблице { $table } нет столбца { $columns }
hint-import-tables = Нужны таблицы product(sku, …) и stock(sku, warehouse, quantity). Если базы ещё нет, загрузка создаст их сама.
import-not-kept = База изменяет артикул { $sku }: { $found }; ничего не записано
hint-import-not-kept = Объявите столбцы sku и warehouse как TEXT, quantity как NUMERIC, или загружайте в новую базу.

import-empty = { $file } пуст
import-not-a-list-markup = { $file } — веб-страница или XML, несмотря на имя
import-not-a-list-pdf = { $file } — документ PDF
import-not-a-list-archive = { $file } — архив
import-not-a-list-moxel = { $file } — таблица в собственном формате 1С (MXL)
import-not-a-list-database = { $file } — база данных
import-not-a-list-binary-workbook = { $file } — книга в двоичном формате (XLSB или Numbers)
import-not-a-list-dbf = { $file } — таблица dBASE (DBF), заголовок которой не сходится
import-several-files = В { $file } несколько файлов: { $files }
hint-import-several-files = Распакуйте его и укажите файлы списка: wixsync import ФАЙЛ…
import-mixed-warehouses = { $file }: в одних частях списка склады указаны, а в других нет
hint-import-mixed-warehouses = Загрузите части без складов отдельно, с --warehouse ИМЯ.
import-subtract-from = { $file }: непонятно, из какого столбца количества вычитать резерв
hint-import-subtract-from = Укажите один --subtract reserved=СТОЛБЕЦ. Если у каждого склада свои столбцы: --subtract "reserved[Север]=СТОЛБЕЦ" для каждого склада из --column "quantity[Север]=СТОЛБЕЦ".
import-not-a-list-binary = { $file } — не текст и не таблица
hint-import-save-anew = Сохраните список как CSV или XLSX в программе, из которой он взят.
import-unclear-encoding = Непонятно, в какой кодировке { $file }. Эта строка читается так:
hint-import-encoding = Укажите кодировку, например --encoding windows-1251. Или сохраните список как XLSX либо как CSV в UTF-8.
import-broken-workbook = Не удалось открыть { $file }: { $detail }
import-unzipped-too-large = { $file } в распакованном виде больше { $mib } МиБ; для списка остатков это слишком много
hint-import-unzipped-too-large = Сохраните только список отдельной книгой или в CSV. Если он действительно такой длинный, загрузите его частями, с --merge.
import-long-cell = В { $file } есть ячейка с текстом больше 1 МиБ; для списка остатков это слишком много
hint-import-long-cell = Очистите эту ячейку или сохраните только нужные столбцы отдельной книгой или в CSV.
import-protected = { $file } защищён паролем
hint-import-protected = Сохраните его без пароля.
import-no-sheets = { $file } — текстовый файл, листов в нём нет
hint-import-no-sheets = Уберите --sheet или укажите книгу, в которой есть этот лист.
import-no-such-sheet = В { $file } нет листа «{ $sheet }»; есть листы: { $sheets }
import-several-sheets = В { $file } несколько листов с остатками: { $sheets }
hint-import-sheet = Выберите лист: --sheet ИМЯ. Или прочитайте все как один список: --sheet all.
import-no-headings = { $file }: нет столбца, похожего на { $missing }; ближе всего строка { $line }: { $headings }
import-several-columns = { $file }: несколько столбцов подходят для { $field }: { $headings }
import-no-such-column = В { $file } нет столбца «{ $column }» для { $field }; есть столбцы: { $headings }
hint-import-columns = Укажите столбцы по букве, номеру или заголовку: --column sku=… --column quantity=…; если заголовков нет, добавьте --no-headings.
hint-import-choose = Выберите один: { $each }
hint-import-warehouses = Если каждый из них — остаток своего склада: { $all }. Иначе выберите один: { $each }
import-numbers-needed = Без заголовков столбцы нужно указать номерами
import-no-numbers = { $file }: в столбце { $column } нет ни одного числа
hint-import-numbers = Считайте столбцы с 1: --column sku=1 --column quantity=3
import-no-rows = В { $file } есть заголовки, а товаров под ними нет
import-bad-lines = { $count ->
    [one] { $file }: { $count } строка с ошибкой; ничего не записано
    [few] { $file }: { $count } строки с ошибками; ничего не записано
   *[other] { $file }: { $count } строк с ошибками; ничего не записано
}
import-bad-line = строка { $line }: { $reason }
import-bad-line-in = { $place }, строка { $line }: { $reason }
import-more-bad-lines = и ещё { $count } (--errors N покажет больше)
import-hint-for-line = строка { $line } и подобные: { $hint }
hint-import-mend = Исправьте эти строки в программе, из которой взят список, и загрузите его снова.
hint-import-delimiter = Ячейка в кавычках должна закрываться перед следующим разделителем, а кавычки внутри неё удваиваются. Исправьте эти кавычки или загрузите XLSX. Если разделитель определён неверно, укажите его: --delimiter ЗНАК.
hint-import-no-sku = Дайте этим товарам артикул или пропустите их: --skip-without-sku.
hint-import-sku-as-text = Эти артикулы изменила программа таблиц. Сделайте столбец текстовым, введите их заново и сохраните.
hint-import-no-quantity = Если пустая ячейка означает, что товара нет, укажите --empty-as-zero.
hint-import-words = Укажите, что значат эти количества (keep оставляет остаток без изменений): { $options }
hint-import-no-result = Откройте файл в программе таблиц и сохраните его там, чтобы в нём были результаты формул.
hint-import-no-warehouse = Чтобы взять для строк без склада один склад, укажите --warehouse ИМЯ. Если в этом столбце не склады, укажите --column warehouse=none.
hint-import-total = Строка пропала, скрыта или прочитана неверно, или итог устарел. Если строки верны, укажите --ignore-total.
hint-import-decimal = Укажите знак перед дробной частью: --decimal comma (запятая) или --decimal point (точка).
hint-import-twice = Чтобы сложить эти строки, укажите --sum. Если это разные склады, укажите их столбец: --column warehouse=…
import-bad-not-in-encoding = в ней есть недопустимые байты для { $encoding }
import-bad-open-quote = здесь открывается кавычка, которая нигде не закрывается
import-bad-text-after-quote = за кавычкой, которая закрывает ячейку, стоит текст
import-bad-lines-in-cell = в ячейке что-то похожее на другие строки; возможно, кавычка не закрыта
import-bad-not-json = это не объект JSON
import-bad-above-headings = похоже на товар, но стоит выше заголовков; возможно, заголовки над ней повреждены
import-bad-no-result = в ячейке формула, результата которой в файле нет
import-bad-formatted-sku = артикул { $value } — число, которое таблица показывает в другом виде
import-bad-formatted-sku-as = артикул { $value } — число, которое таблица показывает как { $shown }
import-bad-mixed-units = у количества «{ $value }» другая единица измерения, чем в строках выше
import-bad-total-disagrees = итог равен { $total }, а сумма строк — { $sum }
import-bad-too-many-cells = ячеек { $cells }, а заголовков { $headings }
import-bad-long-cell = в ячейке больше 1 МиБ текста
import-bad-no-sku = количество без артикула
import-bad-long-sku = в артикуле больше { $most } символов
import-bad-shortened-sku = артикул { $value } был длинным числом; его цифры потеряны
import-bad-long-number-sku = артикул { $value } — число, в котором больше цифр, чем хранит таблица; последние цифры потеряны
import-bad-date-sku = программа таблиц превратила артикул в дату
import-bad-odd-sku = артикул { $value } — не текст
import-bad-control-in-sku = в артикуле есть перенос строки или управляющий символ
import-bad-damaged-sku = часть символов артикула потеряна при прежнем преобразовании
import-bad-no-warehouse = не указан склад
import-bad-no-quantity = не указано количество
import-bad-not-a-number = количество «{ $value }» — не число
import-bad-unclear-number = в количестве «{ $value }» неясно, тысячи это или дробная часть
import-bad-long-number = в количестве «{ $value }» больше 15 цифр
import-bad-twice = этот артикул и склад уже есть в строке { $first }
import-bad-twice-in = этот артикул с этим складом уже есть в строке { $first } ({ $place })

import-profile-saved = Параметры сохранены в { $file }; теперь достаточно: wixsync import ФАЙЛ --profile { $name }
import-no-such-profile = Профиля «{ $name }» нет; есть: { $names }
hint-import-no-such-profile = Сохраните его параметром --save-profile ИМЯ или добавьте [import.ИМЯ] в wixsync.toml.
import-folder = Не удаётся следить за каталогом { $folder }: { $detail }
hint-import-folder = Проверьте, что каталог существует и что этот пользователь может читать его и перемещать в нём файлы. Шаблон стоит в конце: lists/*.xlsx
import-watching = Каталог { $folder } под наблюдением; новые файлы загружаются и переносятся в done или refused. Ctrl-C останавливает
import-moved = { $file } -> { $place }
import-not-moved = Не удаётся убрать { $file }: { $detail }. Пока файл не изменится, он больше не загружается
import-not-fetched = Не удаётся получить список с { $address }: { $detail }
log-imported = { $rows ->
    [one] Загружена { $rows } строка из { $file } (профиль { $profile })
    [few] Загружены { $rows } строки из { $file } (профиль { $profile })
   *[other] Загружено { $rows } строк из { $file } (профиль { $profile })
}
