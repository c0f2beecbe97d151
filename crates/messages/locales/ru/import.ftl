# Списки остатков, которые становятся содержимым склада.
cli-import = Загрузить список остатков (CSV или таблицу) в базу склада
cli-import-file = Список: CSV, XLSX, XLS или ODS; «-» читает из stdin
cli-import-replace = Список — все остатки: чего в нём нет, то распродано (так по умолчанию, с проверкой на списки, где нет большей части товаров)
cli-import-merge = Список — часть остатков: чего в нём нет, остаётся как было
cli-import-warehouse = Склад, если список его не называет; заменяются остатки только этого склада
cli-import-column = Какой столбец что означает, по заголовку или номеру: sku=Артикул, quantity=3, quantity[Север]="Остаток С"
cli-import-no-headings = В списке нет заголовков; столбцы называются номерами
cli-import-encoding = Кодировка файла CSV: utf-8, windows-1251, cp866, koi8-r, utf-16le … (по умолчанию определяется)
cli-import-delimiter = Что стоит между ячейками файла CSV: ; , | tab (по умолчанию определяется)
cli-import-decimal = Знак перед дробной частью: comma (запятая) или point (точка) (по умолчанию определяется)
cli-import-sheet = Лист, если списков остатков в книге несколько
cli-import-sum = Складывать несколько строк с одним артикулом и складом; иначе это ошибка
cli-import-empty-as-zero = Пустое количество — это 0; иначе это ошибка
cli-import-skip-without-sku = Пропускать строки с количеством без артикула; иначе это ошибка
cli-import-errors = Сколько ошибочных строк показать, от 1 до 1000
cli-import-dry-run = Только показать, что изменится; ничего не записывать

progress-importing = Загрузка

import-title = { $rows ->
    [one] { $file }: загружена { $rows } строка в { $database }
    [few] { $file }: загружены { $rows } строки в { $database }
   *[other] { $file }: загружено { $rows } строк в { $database }
}
import-title-dry-run = { $rows ->
    [one] { $file }: { $rows } строка для { $database }; ничего не записано
    [few] { $file }: { $rows } строки для { $database }; ничего не записано
   *[other] { $file }: { $rows } строк для { $database }; ничего не записано
}
import-done = Список загружен
import-nothing-written = Ничего не записано
import-read-text = Прочитан как CSV в { $encoding }, между ячейками «{ $delimiter }»
import-read-sheet = Прочитан с листа «{ $sheet }»
import-columns = Столбцы: { $columns }
import-mode-merge = Список — часть остатков: чего в нём нет, осталось как было
import-mode-replace = Список — все остатки: чего в нём нет, то распродано
import-mode-replace-one = Список — все остатки склада «{ $warehouse }»: чего в нём нет, то там распродано
import-rows = Строк новых: { $new }, изменённых: { $changed }, удалённых: { $removed }, прежних: { $unchanged }
import-products = Артикулов, которых склад не знал: { $count }
import-units = Единиц: { $before } -> { $after }
import-largest = Самые большие изменения:
import-totals = { $count ->
    [one] Пропущена { $count } строка с итогом
    [few] Пропущены { $count } строки с итогами
   *[other] Пропущено { $count } строк с итогами
}
import-without-sku = { $count ->
    [one] Пропущена { $count } строка с количеством без артикула
    [few] Пропущены { $count } строки с количеством без артикула
   *[other] Пропущено { $count } строк с количеством без артикула
}
import-headings = { $count ->
    [one] Пропущена { $count } строка без артикула и количества (заголовки групп, подписи)
    [few] Пропущены { $count } строки без артикула и количества (заголовки групп, подписи)
   *[other] Пропущено { $count } строк без артикула и количества (заголовки групп, подписи)
}
import-line = строка { $line }: { $text }
import-remark-number-sku = { $count ->
    [one] { $count } артикул записан числом; нули в начале, если они были, потеряны
    [few] { $count } артикула записаны числами; нули в начале, если они были, потеряны
   *[other] { $count } артикулов записаны числами; нули в начале, если они были, потеряны
}
import-remark-spaced-sku = { $count ->
    [one] { $count } артикул начинается или кончается пробелом и так и сохранён
    [few] { $count } артикула начинаются или кончаются пробелом и так и сохранены
   *[other] { $count } артикулов начинаются или кончаются пробелом и так и сохранены
}
import-remark-long-sku = { $count ->
    [one] { $count } артикул длиннее 40 знаков, Wix столько не хранит
    [few] { $count } артикула длиннее 40 знаков, Wix столько не хранит
   *[other] { $count } артикулов длиннее 40 знаков, Wix столько не хранит
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
import-next = `wixsync plan` покажет, что это изменит в Wix.
import-not-counted = Остатки на этих складах из списка ни один запуск не учтёт: их нет в [warehouse] warehouses: { $names }

import-part = { $of ->
    [one] { $lacking } из { $of } артикула с остатком нет в списке; ничего не загружено
    [few] { $lacking } из { $of } артикулов с остатком нет в списке; ничего не загружено
   *[other] { $lacking } из { $of } артикулов с остатком нет в списке; ничего не загружено
}
hint-import-part = --replace: список — все остатки, и этих товаров больше нет. --merge: это часть, и они остаются как были.

import-query = Задан [warehouse] query: остатки берутся из ваших таблиц, а в них загрузка не пишет
hint-import-query = Загружайте туда, где запроса нет: в отдельную базу, названную в WIXSYNC_WAREHOUSE_URL.
import-file = { $file } не читается: { $detail }
hint-import-file = Проверьте путь и право этого пользователя читать файл.
import-too-large = { $file } больше 1 ГиБ; это не список остатков
hint-import-too-large = Назовите сам список остатков; настолько длинный импортируется частями, с --merge.
import-warehouse-twice = Список сам называет склады; уберите --warehouse
hint-import-warehouse-twice = Чтобы дать всем строкам один склад, уберите столбец из списка.
import-which-warehouse = Список не говорит, на каком складе лежит товар; есть: { $names }
hint-import-which-warehouse = Назовите склад: --warehouse ИМЯ.
import-database = База склада не принимает список: { $detail }
hint-import-database = Ничего не загружено. Проверьте папку, права на файл, место на диске и не занята ли база другой программой.
import-state-database = { $database } — база состояния wixsync: в ней запуски и токены. Список остатков в неё не записывается
hint-import-state-database = Назовите в WIXSYNC_WAREHOUSE_URL базу склада или файл, которого ещё нет.
import-not-a-table = «{ $table }» — представление или таблица без номеров строк; загрузка не может в неё писать
import-missing-columns = В таблице { $table } нет столбца { $columns }
hint-import-tables = Нужны product(sku, …) и stock(sku, warehouse, quantity). В базе, которой ещё нет, загрузка создаст их сама.
import-not-kept = База изменяет артикул { $sku }: { $found }. Ничего не загружено
hint-import-not-kept = Объявите столбцы sku и warehouse как TEXT, quantity как NUMERIC, или загружайте в новую базу.

import-empty = { $file } пуст
import-not-a-list-markup = { $file } — веб-страница или XML, что бы ни говорило его имя
import-not-a-list-pdf = { $file } — документ PDF
import-not-a-list-archive = { $file } — архив
import-not-a-list-moxel = { $file } — таблица в собственном формате 1С (MXL)
import-not-a-list-database = { $file } — база данных
import-not-a-list-binary = { $file } — не текст и не таблица
hint-import-save-anew = Сохраните список как CSV или XLSX в программе, из которой он взят.
import-unclear-encoding = Непонятно, в какой кодировке { $file }. Эта строка читается так:
hint-import-encoding = Назовите кодировку, например --encoding windows-1251. Или сохраните список как XLSX либо как CSV в UTF-8.
import-broken-workbook = { $file } не открывается: { $detail }
import-unzipped-too-large = { $file } в распакованном виде больше { $mib } МиБ; это не список остатков
hint-import-unzipped-too-large = Сохраните сам список отдельной книгой или в CSV; настолько длинный импортируется частями, с --merge.
import-long-cell = В { $file } есть ячейка, в которой больше 1 МиБ текста; это не список остатков
hint-import-long-cell = Очистите эту ячейку или сохраните одни нужные столбцы отдельной книгой или в CSV.
import-protected = { $file } защищён паролем
hint-import-protected = Сохраните его без пароля.
import-no-sheets = { $file } — текстовый файл, листов в нём нет
hint-import-no-sheets = Уберите --sheet или назовите книгу, в которой этот лист есть.
import-no-such-sheet = В { $file } нет листа «{ $sheet }»; есть { $sheets }
import-several-sheets = В { $file } несколько листов с остатками: { $sheets }
hint-import-sheet = Назовите лист: --sheet ИМЯ.
import-no-headings = { $file }: ни один столбец не похож на { $missing }. Ближе всего строка { $line }: { $headings }
import-several-columns = { $file }: несколько столбцов подходят для { $field }: { $headings }
import-no-such-column = В { $file } нет столбца «{ $column }» для { $field }; есть: { $headings }
hint-import-columns = Скажите, какой столбец что означает, по заголовку или номеру: --column sku=Артикул --column quantity=3
hint-import-quantities = Выберите один: --column quantity=3. Если это разные склады: --column "quantity[Север]=3" --column "quantity[Юг]=4"
import-numbers-needed = Без заголовков столбцы нужно назвать номерами
import-no-numbers = { $file }: в столбце { $column } нет ни одного числа
hint-import-numbers = Считайте столбцы с 1: --column sku=1 --column quantity=3
import-no-rows = В { $file } есть заголовки, а товаров под ними нет
import-bad-lines = { $count ->
    [one] { $file }: { $count } строка с ошибкой; ничего не загружено
    [few] { $file }: { $count } строки с ошибками; ничего не загружено
   *[other] { $file }: { $count } строк с ошибками; ничего не загружено
}
import-bad-line = строка { $line }: { $reason }
import-more-bad-lines = и ещё { $count } (--errors N покажет больше)
hint-import-mend = Исправьте эти строки в программе, из которой взят список, и загрузите его снова.
hint-import-delimiter = Кавычки ставятся вокруг всей ячейки, внутри неё они удваиваются. Если разделитель определён неверно: --delimiter ЗНАК.
hint-import-no-sku = Дайте этим товарам артикул или пропустите их: --skip-without-sku.
hint-import-sku-as-text = Эти артикулы изменила программа таблиц. Сделайте столбец текстовым, введите их заново и сохраните.
hint-import-no-quantity = Если пустая ячейка значит, что товара нет: --empty-as-zero.
hint-import-decimal = Скажите, какой знак стоит перед дробной частью: --decimal comma (запятая) или --decimal point (точка).
hint-import-twice = Если эти строки надо сложить: --sum. Если это разные склады, назовите их столбец: --column warehouse=…
import-bad-not-in-encoding = в ней есть байты, которых нет в { $encoding }
import-bad-open-quote = здесь открывается кавычка, которая нигде не закрыта
import-bad-too-many-cells = ячеек { $cells }, а заголовков { $headings }
import-bad-long-cell = в ячейке больше 1 МиБ текста
import-bad-no-sku = количество без артикула
import-bad-long-sku = в артикуле больше { $most } символов
import-bad-shortened-sku = артикул { $value } был длинным числом; его цифры потеряны
import-bad-long-number-sku = артикул { $value } — число длиннее, чем хранит таблица; последние цифры потеряны
import-bad-date-sku = артикул превратился в дату
import-bad-odd-sku = артикул { $value } — не текст
import-bad-control-in-sku = в артикуле есть перенос строки или управляющий знак
import-bad-damaged-sku = буквы артикула потеряны при прежнем преобразовании
import-bad-no-warehouse = не указан склад
import-bad-no-quantity = нет количества
import-bad-not-a-number = количество «{ $value }» — не число
import-bad-unclear-number = в количестве «{ $value }» неясно, тысячи это или дробь
import-bad-long-number = в количестве «{ $value }» больше 15 цифр
import-bad-twice = этот артикул и склад уже есть в строке { $first }
