# Настройка: файл настроек и его проверка.
cli-config-check = Проверить настройки, никого не спрашивая
cli-config-example = Напечатать файл со всеми настройками и пояснениями

check-well = { $file }: настройки полны
check-well-without-file = Файла wixsync.toml нет; настройки из окружения полны
check-no-warehouse = Базы склада { $database } ещё нет
hint-check-no-warehouse = `wixsync import ФАЙЛ` создаст её из списка остатков.
check-open-key = Другие пользователи этой машины могут читать { $file }, где лежит ключ API
hint-check-open-key = chmod 600 { $file }

example-head =
    Настройки wixsync. Настройка за знаком # имеет указанное значение или не задана, если так
    сказано над ней; чтобы задать её, уберите #. Окружение сильнее этого файла.
    Относительные пути считаются от папки этого файла.
example-state-url = База состояния: все запуски и что они записали. Берегите её; по умолчанию рядом с этим файлом.
example-sold-out =
    Товары, которые склад знает, но которых нет: "zero" снимает их с продажи, "ignore" оставляет
    в магазине как есть.
example-schedule =
    Когда служба сама начинает запуск: промежуток, выражение cron ("0 6 * * *") или "off".
example-jitter = Магазины с одним расписанием начинают в моменты, которые расходятся не больше чем на столько.
example-time-zone = Часовой пояс выражений cron. Не задано: как у машины.
example-listen = Адрес, на котором отвечает служба.
example-history-days = Сколько дней хранятся запуски.
example-dead-man-url = Запрашивается после каждого удачного запуска, чтобы сторож заметил, когда их нет. Не задано: никто.
example-rate-limit = Запросов к Wix в любом промежутке такой длины, для каждого магазина; Wix допускает 200 в минуту.
example-pause-after-429 = На сколько останавливаются все запросы, когда Wix отказал из-за их числа.
example-http-timeout = Сколько может длиться запрос к Wix.
example-settle = Как долго Wix может не показывать записанное; добавочное ожидание после неясного ответа.
example-write-batch = Сколько изменений уходит в одном запросе, от 1 до 300.
example-log = Что рассказывать во время запуска: error, warn, info, debug, trace или off.
example-log-format = "text" или "json".
example-otlp-endpoint = Сборщик трассировок OpenTelemetry. Не задано: нет.
example-lang = Язык: "en" или "ru". Не задано: по локали.
example-warehouse = Откуда берутся остатки.
example-warehouse-url = База SQLite; по умолчанию рядом с этим файлом.
example-warehouse-query =
    Один SELECT, который даёт sku, quantity и, может быть, warehouse: по строке на артикул или на
    артикул и склад. Не задано: таблицы product(sku, …) и stock(sku, warehouse, quantity).
example-warehouse-warehouses = Складываются остатки только этих складов. Не задано: всех.
example-shop = Магазин. WIX_API_KEY, WIX_SITE_ID и WIX_BASE_URL в окружении сильнее.
example-shop-name = Под этим именем магазин знает база состояния: потом его не меняют.
example-shop-api-key-file = Файл с ключом API, который можете читать только вы. Не задано: WIX_API_KEY.
example-shop-site-id = Идентификатор сайта; он стоит в адресе панели управления сайтом. Не задано: WIX_SITE_ID.
example-shop-account-id = Идентификатор учётной записи Wix; пока ни для чего не нужен. Не задано: WIX_ACCOUNT_ID.
example-shop-base-url = Другой адрес вместо собственного адреса Wix, для эмулятора.
example-shop-schedule = Собственное расписание этого магазина. Не задано: общее, указанное выше.

cli-init = Настроить: посмотреть базу и магазин, показать их рядом, записать wixsync.toml
cli-init-api-key-file = Файл с ключом API Wix; «-» читает ключ из stdin и кладёт в отдельный файл
cli-init-site-id = Идентификатор сайта Wix
cli-init-base-url = Другой адрес вместо собственного адреса Wix, для эмулятора
cli-init-database = База склада: файл SQLite или его URL; если файла ещё нет, его создаст `import`
cli-init-query = SELECT, который даёт sku, quantity и, может быть, warehouse, если по таблицам это неясно
cli-init-warehouse = Складывать остатки только этого склада; можно несколько (по умолчанию всех)
cli-init-offline = Не спрашивать Wix
cli-init-force = Перезаписать то, что есть
cli-init-yes = Ничего не спрашивать: взять то, что сказано параметрами и окружением, и явное предложение

init-exists = { $file } уже есть
hint-init-exists = --force перезапишет его; --config назовёт другой файл.
init-no-terminal = Нет терминала, чтобы спрашивать
hint-init-no-terminal = Дайте --yes, ключ (WIX_API_KEY или --api-key-file), --site-id и --database.
init-missing = Не указано: { $missing }
hint-init-missing = С --yes ничего не спрашивается. --offline обходится без ключа и сайта.
init-no-key-on-stdin = В stdin нет ключа
hint-init-no-key-on-stdin = --api-key-file - читает ключ оттуда; --api-key-file ФАЙЛ называет файл, где он лежит.
init-stopped = Остановлено; ничего не записано
hint-init-stopped = Начните снова, когда ответы будут под рукой; с --yes ничего не спрашивается.
init-ask-key = Ключ API Wix (не показывается)
init-ask-site = Идентификатор сайта Wix
init-ask-database = База склада, файл SQLite
init-ask-query = SELECT, который даёт sku, quantity и, может быть, warehouse
init-which-tables = Откуда берутся остатки
init-own-query = собственный запрос
init-which-warehouses = Какие склады учитывать (выбор пробелом)
init-again = Спросить ключ и сайт ещё раз?
init-write = Записать { $file }?
init-yes = да
init-no = нет
init-hidden = [скрыт]
init-tables = Таблицы базы:
init-table = { $rows ->
    [one] { $table } ({ $columns }), { $rows } строка
    [few] { $table } ({ $columns }), { $rows } строки
   *[other] { $table } ({ $columns }), { $rows } строк
}
init-shape-default = Таблицы product и stock, какими их ждёт wixsync
init-shape-two-tables = Товары и остатки в двух таблицах: { $tables }
init-shape-one-table = Товары и остатки в одной таблице: { $tables }
init-shape-wide = Столбец остатков на каждый склад: { $tables }
init-no-tables = Ни в одной таблице { $database } нет столбцов, в которых по имени видны артикул и количество
init-several-tables = В { $database } остатки могут лежать в нескольких таблицах
hint-init-query = Укажите запрос: --query "SELECT … AS sku, … AS quantity FROM …".
init-no-such-warehouse = На складе «{ $name }» ничего не лежит; есть: { $names }
hint-init-no-such-warehouse = Имена совпадают буква в букву.
init-database = Склад { $database }
init-no-database-yet = ещё не создан
init-found = Артикулов: { $skus }, строк остатков: { $rows }
init-warehouses = Единиц по складам: { $names }
init-not-summed = не учитывается
init-twice-in-warehouse = { $count ->
    [one] { $count } артикул стоит в нескольких строках вместо одной и не будет тронут
    [few] { $count } артикула стоят в нескольких строках вместо одной и не будут тронуты
   *[other] { $count } артикулов стоят в нескольких строках вместо одной и не будут тронуты
}
init-wix-not-asked = Wix не спрашивали
init-compared = Товаров и вариантов в Wix: { $listings }; артикулов склада найдено там: { $found }; артикулов Wix, которых склад не знает: { $foreign }; изменений: { $changes }
init-twice-in-wix = { $count ->
    [one] { $count } артикул стоит на нескольких товарах или вариантах и не будет тронут
    [few] { $count } артикула стоят на нескольких товарах или вариантах и не будут тронуты
   *[other] { $count } артикулов стоят на нескольких товарах или вариантах и не будут тронуты
}
init-warehouse = склад
init-wix = Wix
init-would = станет
init-in-step = как есть
init-left-alone = не тронут: { $reason }
init-near = { $count ->
    [one] { $count } артикул совпадает почти; сравниваются они побайтно, поэтому исправьте одно из двух написаний
    [few] { $count } артикула совпадают почти; сравниваются они побайтно, поэтому исправьте одно из двух написаний
   *[other] { $count } артикулов совпадают почти; сравниваются они побайтно, поэтому исправьте одно из двух написаний
}
init-few-match = Меньше половины артикулов склада есть в Wix: тот ли это сайт и тот ли столбец?
init-written = { $file } записан
init-written-key = Ключ лежит в { $file }, который можете читать только вы
init-next = `wixsync plan` покажет всё, что изменится; сам он ничего не записывает.
init-next-import = `wixsync import ФАЙЛ` загрузит список остатков на склад, затем `wixsync plan` покажет, что изменится.
init-no-folder = { $file }: такой папки нет
hint-init-no-folder = Создайте папку или назовите другое место.
init-not-a-database = { $file } — не база SQLite
hint-init-not-a-database = Если это список остатков (CSV, XLSX), назовите базу, которой ещё нет, например stock.db, а потом заполните её командой `wixsync import`.
init-unwritable = { $file } не записывается: { $detail }
hint-init-unwritable = Проверьте права на папку и место на диске или назовите другое место: --config.
