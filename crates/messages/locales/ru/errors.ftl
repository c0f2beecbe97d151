# Что не так с командной строкой, настройками и всем вокруг запуска, и что с этим делать.
# У каждого сообщения есть код в `messages::errors`, там же и подсказка.
error-runtime = Программа не запускается: { $detail }
error-defect = Внутренняя ошибка wixsync, работа остановлена: { $detail }
config-not-unicode = { $setting }: значение не в UTF-8
output-lost = Результат не удалось вывести: { $detail }
error-code-unknown = Кода ошибки { $code } нет
usage-unknown-argument = Параметра { $argument } здесь нет
usage-unknown-command = Команды { $command } нет
usage-missing-command = После "{ $command }" не хватает команды; есть: { $known }
usage-missing-argument = Не хватает: { $arguments }
usage-not-one-of = { $argument }: значение "{ $value }" не подходит; возможно: { $known }
usage-bad-value = { $argument }: значение "{ $value }" не подходит: { $reason }
usage-missing-value = { $argument }: не хватает значения
usage-conflict = { $argument } и { $other } не сочетаются
usage-unreadable = Командная строка не читается: { $detail }

error-state = База состояния не работает: { $detail }
error-fenced = Магазин перешёл к другому запуску; отправленное выясняет он
error-client = Соединение с Wix не настраивается: { $detail }
config-unreadable = Настройки не читаются: { $detail }
config-file-not-utf-8 = { $file } не в UTF-8
config-file-syntax = Не читается { $file }, строка { $line }: { $detail }
config-file-unreadable = { $file } не читается: { $detail }
config-unknown-setting = { $file }: здесь нет настройки { $setting }; есть: { $known }
config-wrong-type = { $file }: { $setting } должно быть: { $expected }
config-missing-setting = { $file }: не хватает { $setting }
config-secret-empty = Файл { $file }, названный в { $setting }, пуст
config-unknown-variable = Переменная { $name } задана, но такой настройки у wixsync нет; все перечислены в README
config-no-file = Нет файла настроек { $file }
config-twice = Заданы и { $setting }, и { $other }; оставьте одно
config-secret-file = Файл { $file }, названный в { $setting }, не читается: { $detail }
config-bad-value = { $setting } не может быть "{ $value }"; { $kind ->
        [examples] например
       *[all] возможно
    }: { $examples }
config-database-scheme = { $setting } называет базу { $scheme }; эта версия читает SQLite (sqlite://файл)
config-database-url = { $setting } — не адрес базы данных; пример: sqlite:///папка/файл.db
config-empty-query = { $setting } пуст
config-no-warehouses = [warehouse] warehouses — пустой список: все остатки стали бы нулевыми. Назовите склады или уберите настройку, чтобы брать все
config-no-warehouse-url = База склада не настроена
config-state-is-warehouse = База состояния и база склада — один и тот же файл; склад только читается, задайте в WIXSYNC_STATE_URL отдельный файл
config-no-state-url = Неизвестно, где хранить базу состояния
config-shop-incomplete = Магазин { $shop } настроен не полностью; не хватает: { $missing }
config-otlp = Трассировку нельзя отправить сборщику: { $detail }
config-shop-twice = Два магазина названы { $shop }
config-site-twice = Магазины { $first } и { $second } — это один и тот же сайт Wix, { $site }
config-shop-nameless = У [[shop]] нет имени, или оно длиннее { $most } знаков или с управляющими символами
config-bad-key = В { $setting } магазина { $shop } есть недопустимые символы
config-bad-base-url = { $setting } — не адрес http или https
config-no-such-shop = Нет магазина { $shop }; есть: { $names }
config-which-shop = Настроено несколько магазинов; укажите один параметром --shop: { $names }
set-twice = Для { $sku } указаны два разных количества
run-ambiguous = С { $run } начинается несколько запусков: { $runs }
run-not-found = Нет запуска { $run }
run-another-waits = Другой запуск ({ $run }) уже ждёт магазин { $shop }
run-stopped-waiting = Остановлено во время ожидания; ничего не сделано
demo-broken = Не удалось подготовить показ: { $detail }
demo-wrong = Магазин показывает не то, что говорит склад: { $skus }
emulator-start = Эмулятор не запускается: { $detail }
emulator-file = Файл магазина { $file } не читается: { $detail }
emulator-faults = Файл сбоев { $file } не читается: { $detail }

hint-fenced = Этот процесс простоял дольше, чем живёт его аренда. `wixsync runs` покажет оба запуска.
hint-state = База состояния хранит, что было записано. Проверьте WIXSYNC_STATE_URL, права на папку и место на диске.
hint-warehouse-url = { $file ->
        [none] wixsync.toml не найден ни в текущей папке, ни в вашей папке настроек. Его запишет `wixsync init`, другое место называет --config; или задайте WIXSYNC_WAREHOUSE_URL, например sqlite:///папка/warehouse.db
       *[read] Задайте WIXSYNC_WAREHOUSE_URL, например sqlite:///папка/warehouse.db
    }
hint-shop-incomplete = { $file ->
        [none] wixsync.toml не найден ни в текущей папке, ни в вашей папке настроек. Его запишет `wixsync init`, другое место называет --config; или задайте их в окружении.
       *[read] Задайте их в окружении или в [[shop]] файла wixsync.toml.
    }
hint-site-twice = Оставьте один из двух: под двумя именами ничто не помешает двум запускам писать на сайт одновременно.
hint-another-waits = Ждать может один. Повторите, когда он закончится, или посмотрите `wixsync runs`.
hint-run-ambiguous = Укажите больше знаков идентификатора; все показывает `wixsync runs`.
hint-run-not-found = `wixsync runs` показывает последние запуски. Та ли это база состояния?
hint-defect = Сообщите о ней и приложите строки выше. Отправленное проверит следующий запуск.
hint-runtime = Освободите память или поднимите пределы числа потоков и открытых файлов и запустите снова.
hint-not-unicode = Задайте его заново в терминале с UTF-8 или впишите значение в wixsync.toml.
hint-output-lost = Что сделано, то сделано; запуски ещё раз покажет `wixsync runs`. Токен, которого никто не видел, отзовите и создайте другой. Проверьте место там, куда идёт вывод.
hint-error-code-unknown = `wixsync error` перечислит все.
hint-usage-option = Все параметры покажет `wixsync КОМАНДА --help`.
hint-usage-command = Все команды покажет `wixsync --help`.
hint-usage-value = Что здесь нужно, покажет `wixsync КОМАНДА --help`.
hint-set-twice = Назовите каждый SKU один раз.
hint-unknown-variable = Исправьте имя или уберите переменную: настройка с ошибкой в имени не действует.
hint-otlp = Задайте в OTEL_EXPORTER_OTLP_ENDPOINT адрес сборщика по HTTP, например http://localhost:4318, или уберите переменную.
hint-no-file = Проверьте путь после --config или в WIXSYNC_CONFIG или уберите оба: настройки могут приходить и из одного окружения.
hint-file-not-utf-8 = Сохраните файл заново в UTF-8; в Блокноте это кодировка в окне «Сохранить как». С меткой порядка байтов или без неё.
hint-file-syntax = { $mistake ->
    [quotes] Возьмите значение в кавычки: имя = "значение". Без кавычек пишутся только числа, true и false.
    [typographic] Кавычки нужны прямые: "значение".
    [open] Кавычка или скобка не закрыта, или стоит внутри значения. Внутри "…" пишите \" или возьмите значение в '…'.
    [backslash] Внутри "…" обратная косая черта начинает управляющую последовательность: удвойте её или возьмите значение в '…'. В путях годится и /, также в Windows.
    [equals] Настройка пишется так: имя = "значение", по одной в строке.
    [empty] Впишите значение после знака равенства или уберите строку.
    [twice] Такое имя уже есть выше; оставьте одно из двух.
   *[unclear] Файл всех настроек показывает `wixsync config example`.
}
hint-config-file = Исправьте это место в wixsync.toml и проверьте: `wixsync config show`.
hint-config-value = Исправьте значение там, где оно задано; `wixsync config show` покажет, откуда оно.
hint-twice = Уберите одно из двух.
hint-secret-file = Проверьте путь и право этого пользователя читать файл.
hint-secret-empty = Запишите в него секрет одной строкой.
hint-database-scheme = Назовите файл SQLite: sqlite:///папка/файл.db.
hint-database-url = Перед полным путём три косые черты, перед относительным две.
hint-shop-names = Дайте каждому [[shop]] своё имя.
hint-bad-key = Скопируйте его из Wix заново, целиком, без пробелов и переводов строки.
hint-bad-base-url = { $of ->
        [collector] Задайте адрес сборщика по HTTP, например http://localhost:4318, или уберите настройку: тогда трассировка не отправляется.
        [dead-man] Задайте адрес целиком, как его показывает служба наблюдения, например https://example.com/ping, или уберите настройку.
       *[wix] Для самого Wix уберите настройку; для эмулятора возьмите адрес, который он печатает.
    }
hint-shop-option = Назовите один из них или уберите --shop, если магазин один.
hint-which-shop = Добавьте --shop ИМЯ или назовите один из них "default".
hint-empty-query = Запишите SELECT, который даёт sku, quantity и, если нужно, warehouse, или уберите настройку.
hint-no-warehouses = Уберите настройку, чтобы суммировать все склады.
hint-state-is-warehouse = Дайте состоянию свой файл, например sqlite:///папка/state.db.
hint-no-state-url = Задайте WIXSYNC_STATE_URL, например sqlite:///папка/state.db.
hint-client = Сертификаты или сетевые настройки этой машины не годятся; проверьте их.
hint-stopped-waiting = Запустите снова, когда другой запуск закончится; его покажет `wixsync runs`.
hint-emulator-start = Возможно, порт занят другой программой; `--listen 127.0.0.1:0` возьмёт свободный.
hint-emulator-file = Исправьте файл; он описан в crates/wix-emulator/README.md исходного кода.
hint-demo = Показу нужны папка для временных файлов с местом на диске и порт на этой машине.
hint-demo-wrong = Это ошибка в wixsync: сообщите о ней, приложив строки выше.
hint-line-rejected = Причину назвал сам Wix. Исправьте товар в Wix; следующий запуск попробует снова.
hint-line-suspect = Следующий запуск прочитает его заново. Посмотрите `wixsync explain SKU` и не менял ли его кто-нибудь в Wix.
hint-line-unresolved = Следующий запуск прочитает его заново, прежде чем писать.
