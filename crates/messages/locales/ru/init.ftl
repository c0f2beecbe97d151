# Настройка: файл настроек и его проверка.
cli-config-check = Проверить настройки, не обращаясь к сети
cli-config-example = Напечатать файл со всеми настройками и пояснениями

check-well = { $file }: настройки верны
check-well-without-file = Файла wixsync.toml нет; настройки из переменных окружения верны
check-no-warehouse = Базы склада { $database } ещё нет
hint-check-no-warehouse = `wixsync import ФАЙЛ` создаст её из списка остатков.
check-open-key = Другие пользователи этой машины могут прочитать { $file }, где записан API-ключ
hint-check-open-key = chmod 600 { $word }

example-head =
    Настройки wixsync. Строка, которая начинается с #, показывает значение по умолчанию, а если
    в пояснении сказано «Не задано», то пример. Чтобы задать настройку, уберите #. Переменные
    окружения важнее этого файла. Относительные пути отсчитываются от папки этого файла.
example-state-url = База состояния: все запуски и что они записали. Сохраняйте её. По умолчанию рядом с этим файлом.
example-sold-out =
    Товары, которых на складе не осталось: "zero" снимает их с продажи, "ignore" оставляет
    в магазине без изменений.
example-schedule =
    Когда служба начинает запуски: интервал, выражение cron ("0 6 * * *") или "off".
example-jitter = Магазины с одинаковым расписанием начинают в разное время, с разницей не больше этой.
example-time-zone = Часовой пояс выражений cron. Не задано: часовой пояс машины.
example-listen = Адрес, на котором отвечает служба.
example-history-days = Сколько дней хранятся запуски.
example-dead-man-url = Адрес, который запрашивается после каждого удачного запуска, чтобы сервис мониторинга заметил, что запусков нет. Не задано: нет.
example-rate-limit = Наибольшее число запросов к Wix за скользящий промежуток, для каждого магазина. Wix разрешает 200 в минуту.
example-pace = Как быстро запросы следуют друг за другом: сколько сразу и сколько потом в секунду. Слишком частые запросы Wix блокирует на минуты.
example-pause-after-429 = На сколько приостановить все запросы, когда Wix отклонил запрос из-за лимита.
example-http-timeout = Предельное время запроса к Wix.
example-proxy = Прокси к Wix и к dead_man_url. Не задано: HTTPS_PROXY, иначе без прокси. Для этой машины не используется.
example-no-proxy = Узлы, к которым обращаются без прокси, через запятую. Не задано: NO_PROXY, иначе никакие.
example-settle = Как долго Wix может не показывать записанное; добавляется к ожиданию после неясного ответа.
example-write-batch = Сколько изменений уходит в одном запросе, от 1 до 300. Если не задано, уходит столько, сколько магазин принимает.
example-log = Уровень журнала: error, warn, info, debug, trace или off.
example-log-format = Формат журнала: "text" или "json".
example-otlp-endpoint = Адрес сборщика трассировки OpenTelemetry. Не задано: без трассировки.
example-lang = Язык: "en" или "ru". Не задано: по локали.
example-warehouse = Откуда берутся остатки.
example-warehouse-url = Файл SQLite, или postgres://user:password@host/database, или mysql://…. По умолчанию файл рядом с этим.
example-warehouse-query =
    Один SELECT, который возвращает sku, quantity и при необходимости warehouse: одна строка на
    артикул или на артикул и склад. Не задано: таблицы product(sku, …) и
    stock(sku, warehouse, quantity).
example-warehouse-warehouses = Учитываются остатки только этих складов. Не задано: всех.
example-busy-timeout = Сколько ждать, пока базу склада держит другая программа.
example-statement-timeout = Сколько сервер базы может работать над одним запросом.
example-import = Сохранённые параметры для `wixsync import ФАЙЛ --profile main`; имя любое. Ключи — параметры команды.
example-import-watch = `serve` загружает отсюда каждый новый файл и переносит его в done/ или refused/ с причиной рядом.
example-import-url = `serve` загружает список по этому адресу.
example-import-every = Как часто запрашивать адрес.
example-shop = Магазин. WIX_API_KEY, WIX_SITE_ID и WIX_BASE_URL в переменных окружения важнее.
example-shop-name = Имя магазина в базе состояния. Позже его менять нельзя.
example-shop-api-key-file = Файл с API-ключом, который можете прочитать только вы. Не задано: WIX_API_KEY.
example-shop-site-id = Идентификатор сайта из адреса его панели управления. Не задано: WIX_SITE_ID.
example-shop-app-id = Идентификатор вашего приложения Wix, если wixsync обращается к сайту как приложение. Тогда api_key и site_id не нужны.
example-shop-app-secret-file = Файл с секретом приложения, который можете прочитать только вы.
example-shop-instance-id = Идентификатор приложения на сайте (instance id).
example-shop-account-id = Идентификатор аккаунта Wix; пока не используется. Не задано: WIX_ACCOUNT_ID.
example-shop-base-url = Адрес вместо собственного адреса Wix, для эмулятора.
example-shop-create-items = Создавать ли складскую карточку товарам без неё, если каталог хранит карточки отдельно (V3).
example-shop-schedule = Расписание только этого магазина. Не задано: общее расписание выше.

cli-init = Настроить wixsync: просмотреть базу и магазин, сравнить их, записать wixsync.toml
cli-init-api-key-file = Файл с API-ключом Wix; - читает ключ из stdin и сохраняет в отдельный файл
cli-init-app-id = Вместо ключа и сайта: идентификатор вашего приложения Wix
cli-init-app-secret-file = Файл с секретом приложения
cli-init-instance-id = Идентификатор приложения на сайте
cli-init-site-id = Идентификатор сайта Wix
cli-init-base-url = Адрес вместо собственного адреса Wix, для эмулятора
cli-init-database = База склада: файл SQLite или его URL; если файла ещё нет, его создаст `import`
cli-init-query = SELECT, который возвращает sku, quantity и при необходимости warehouse, если по таблицам это неясно
cli-init-warehouse = Учитывать остатки только этого склада; можно несколько (по умолчанию все)
cli-init-offline = Не обращаться к Wix
cli-init-force = Изменить существующий wixsync.toml: настройки, о которых init не спрашивает, остаются; прежний файл сохраняется как wixsync.toml.old
cli-init-yes = Не задавать вопросов: взять значения из параметров, переменных окружения и однозначных предложений

init-exists = { $file } уже есть
hint-init-exists = --force запишет его заново; настройки wixsync.toml, о которых init не спрашивает, останутся. --config задаёт другой файл.
init-no-terminal = Без терминала нельзя задать вопросы
hint-init-no-terminal = Укажите --yes, ключ (WIX_API_KEY или --api-key-file), --site-id и --database.
init-missing = Не указано: { $missing }
hint-init-missing = С --yes вопросов нет, поэтому нужно указать всё. С --offline не нужны ключ и сайт.
init-no-key-on-stdin = В stdin нет ключа
hint-init-no-key-on-stdin = --api-key-file - читает ключ из stdin. --api-key-file ФАЙЛ читает его из файла.
init-stopped = Остановлено; ничего не записано
hint-init-stopped = Начните снова, когда ответы будут под рукой. С --yes вопросов нет.
init-ask-key = API-ключ Wix (не показывается)
init-ask-key-again = API-ключ Wix (не показывается; Enter оставит прежний)
init-ask-site = Идентификатор сайта Wix
init-ask-database = База склада, файл SQLite
init-ask-query = SELECT, который возвращает sku, quantity и при необходимости warehouse
init-which-tables = Откуда берутся остатки
init-kept-query = запрос, который сейчас в wixsync.toml
init-own-columns = выбрать таблицу и столбцы
init-own-query = свой запрос
init-which-table = Таблица с остатками
init-which-sku = Столбец с артикулом
init-which-quantity = Столбец с количеством
init-which-warehouse-column = Столбец с названием склада
init-no-warehouse-column = нет: склад один
init-which-warehouses = Какие склады учитывать (выбор пробелом)
init-again = Ввести ключ и сайт ещё раз?
init-write = Записать { $file }?
init-yes = да
init-no = нет
init-yes-or-no = ответьте { $yes } или { $no }
init-hidden = [скрыт]
init-tables = Таблицы базы:
init-table = { $rows ->
    [one] { $table } ({ $columns }), { $rows } строка
    [few] { $table } ({ $columns }), { $rows } строки
   *[other] { $table } ({ $columns }), { $rows } строк
}
init-shape-default = Таблицы product и stock в том виде, в котором их ожидает wixsync
init-shape-two-tables = Товары и остатки в двух таблицах: { $tables }
init-shape-one-table = Товары и остатки в одной таблице: { $tables }
init-shape-wide = Отдельный столбец остатков для каждого склада: { $tables }
init-no-tables = Ни в одной таблице { $database } нет столбцов, по названию которых можно узнать артикул и количество
init-several-tables = Остатки могут быть в нескольких таблицах { $database }
hint-init-query = Укажите запрос: --query "SELECT … AS sku, … AS quantity FROM …".
init-no-such-warehouse = На складе «{ $name }» нет остатков; склады с остатками: { $names }
hint-init-no-such-warehouse = Названия должны совпадать точно.
init-database = База склада { $database }
init-no-database-yet = ещё не создана
init-found = Артикулов: { $skus }, строк остатков: { $rows }
init-warehouses = Единиц по складам: { $names }
init-not-summed = не учитывается
init-twice-in-warehouse = { $count ->
    [one] { $count } артикул занимает несколько строк вместо одной и был бы пропущен
    [few] { $count } артикула занимают несколько строк вместо одной и были бы пропущены
   *[other] { $count } артикулов занимают несколько строк вместо одной и были бы пропущены
}
init-wix-not-asked = К Wix не обращались
init-compared = Товаров и вариантов в Wix: { $listings }; артикулов склада найдено там: { $found }; артикулов Wix, которых нет на складе: { $foreign }; изменений: { $changes }
init-twice-in-wix = { $count ->
    [one] { $count } артикул указан у нескольких товаров или вариантов и был бы пропущен
    [few] { $count } артикула указаны у нескольких товаров или вариантов и были бы пропущены
   *[other] { $count } артикулов указаны у нескольких товаров или вариантов и были бы пропущены
}
init-warehouse = склад
init-wix = Wix
init-would = станет
init-in-step = без изменений
init-left-alone = пропущен: { $reason }
init-reserved = Резерв не вычитается: { $column }
init-reserved-query = Этот [warehouse] query вычитает его:
init-odd-prices = { $count ->
    [one] { $count } цена — не простое число и ценой не считается: { $examples }
    [few] { $count } цены — не простые числа и ценами не считаются: { $examples }
   *[other] { $count } цен — не простые числа и ценами не считаются: { $examples }
}
init-near = { $count ->
    [one] { $count } артикул почти совпадает; артикулы должны совпадать точно, поэтому исправьте одно из двух написаний
    [few] { $count } артикула почти совпадают; артикулы должны совпадать точно, поэтому исправьте одно из двух написаний
   *[other] { $count } артикулов почти совпадают; артикулы должны совпадать точно, поэтому исправьте одно из двух написаний
}
init-few-match = В Wix есть меньше половины артикулов склада; проверьте, тот ли это сайт и тот ли столбец
init-written = { $file } записан
init-environment = Взято из переменных окружения, которые и в следующих запусках важнее файла: { $names }
init-kept = Остальные настройки не изменены. Прежний файл: { $file }
init-written-key = Ключ сохранён в { $file }, который можете прочитать только вы
init-kept-key = Прежний ключ: { $file }. Удалите его, когда он больше не нужен.
init-next = `wixsync plan` покажет всё, что изменится, и ничего не запишет.
init-next-import = `wixsync import ФАЙЛ` загрузит список остатков на склад, затем `wixsync plan` покажет, что изменится.
init-no-folder = { $file }: папки нет
hint-init-no-folder = Создайте папку или выберите другое место.
init-not-a-database = { $file } — не база SQLite
hint-init-not-a-database = Если это список остатков (CSV, XLSX), укажите базу, которой ещё нет, например stock.db, а потом заполните её командой `wixsync import`.
init-unwritable = Не удалось записать { $file }: { $detail }
hint-init-unwritable = Проверьте права на папку и свободное место на диске или выберите другое место: --config.
