# Ошибки командной строки, настроек и программ вокруг запуска и что с ними делать.
# У каждого сообщения есть код и подсказка в `messages::errors`.
error-runtime = Не удалось запустить программу: { $detail }
error-defect = Внутренняя ошибка wixsync, работа остановлена: { $detail }
config-not-unicode = { $setting }: значение не в UTF-8
output-lost = Не удалось вывести результат: { $detail }
error-code-unknown = Неизвестный код ошибки { $code }
usage-unknown-argument = Неизвестный параметр { $argument }
usage-unknown-command = Неизвестная команда { $command }
usage-missing-command = После "{ $command }" нужна команда: { $known }
usage-missing-argument = Не хватает: { $arguments }
usage-not-one-of = { $argument }: значение "{ $value }" не подходит; возможно: { $known }
usage-bad-value = { $argument }: значение "{ $value }" не подходит: { $reason }
usage-missing-value = { $argument }: не хватает значения
usage-conflict = { $argument } и { $other } нельзя указать вместе
usage-unreadable = Не удалось прочитать командную строку: { $detail }

error-state-damaged = База состояния повреждена: { $detail }
error-state-newer = База состояния принадлежит более новой версии wixsync: { $detail }
error-state = Не удаётся использовать базу состояния: { $detail }
error-fenced = Магазин перешёл к другому запуску; он проверит, что отправил этот
error-client = Не удалось настроить соединение с Wix: { $detail }
config-unreadable = Не удалось прочитать настройки: { $detail }
config-file-not-utf-8 = { $file } не в UTF-8
config-file-syntax = Не удалось прочитать { $file }, строка { $line }: { $detail }
config-file-unreadable = Не удалось прочитать { $file }: { $detail }
config-unknown-setting = { $file }: неизвестная настройка { $setting }; здесь возможны: { $known }
config-wrong-type = { $file }: { $setting } — здесь { $expected ->
    [table] нужен раздел: [имя], а под ним его настройки
    [list] нужен список в квадратных скобках: ["…", "…"]
    [flag] нужно true или false, без кавычек
    [number] нужно целое число
   *[text] нужен текст в кавычках
}
config-missing-setting = { $file }: не хватает { $setting }
config-one-table = { $file }: вместо [{ $name }] нужно [[{ $name }]], потому что таких разделов может быть несколько
config-secret-empty = Файл { $file }, указанный в { $setting }, пуст
config-unknown-variable = Переменная { $name } задана, но такой настройки у wixsync нет
config-unknown-zone = TZ={ $name }: такого часового пояса нет. Время показано по UTC.
config-no-file = Файла настроек { $file } нет
config-twice = Заданы и { $setting }, и { $other }; оставьте что-то одно
config-secret-file = Не удалось прочитать файл { $file }, указанный в { $setting }: { $detail }
config-bad-value = { $setting }: значение "{ $value }" не подходит; { $kind ->
        [examples] например
       *[all] возможно
    }: { $examples }
config-database-scheme = В { $setting } указана база { $scheme }, здесь wixsync её не поддерживает; подойдёт адрес такого вида: { $examples }
config-database-url = { $setting } — не адрес базы данных; примеры: { $examples }
config-database-name = В { $setting } указан сервер, но не база на нём; примеры: { $examples }
config-empty-query = Запрос в { $setting } пуст
config-no-warehouses = [warehouse] warehouses — пустой список, все остатки стали бы нулевыми; перечислите склады или уберите настройку, чтобы учитывать все
config-no-warehouse-url = Не указана база склада
config-state-is-warehouse = База состояния и база склада — один и тот же файл, { $file }; каждой нужен свой файл
config-no-state-url = Не указано, где хранить базу состояния
config-shop-incomplete = Магазин { $shop } настроен не полностью; не хватает: { $missing }
config-otlp = Не удаётся отправлять трассировку сборщику: { $detail }
config-shop-twice = Два магазина с именем { $shop }
config-two-credentials = У магазина { $shop } заданы и API-ключ, и приложение; оставьте что-то одно
config-site-twice = Магазины { $first } и { $second } — это один и тот же сайт Wix, { $site }
config-plain-http = { $setting }: на { $url } API-ключ ушёл бы незашифрованным
config-foreign = { $file } не используется: { $why ->
    [owner] { $path } принадлежит другому пользователю
   *[writable] { $path } могут изменить другие пользователи
}
state-second = У сайта { $site } на этой машине есть и другая база состояния: { $other }. Эта команда использует { $state }
config-shop-nameless = У [[shop]] нет имени, или оно длиннее { $most } символов, или содержит управляющие символы
config-bad-key = В { $setting } магазина { $shop } есть недопустимые символы
config-bad-base-url = { $setting } — не адрес http или https
config-no-such-shop = Магазина { $shop } нет; настроены: { $names }
config-which-shop = Настроено несколько магазинов; выберите один параметром --shop: { $names }
set-twice = Для { $sku } указаны два разных количества
run-ambiguous = С { $run } начинается несколько запусков: { $runs }
run-not-found = { $run ->
        [last] В базе состояния { $state } запусков ещё нет
       *[named] В базе состояния { $state } нет запуска { $run }
    }
run-another-waits = Другой запуск ({ $run }) уже ждёт магазин { $shop }
run-stopped-waiting = Остановлено во время ожидания; ничего не изменено
demo-broken = Не удалось подготовить демонстрацию: { $detail }
demo-wrong = Магазин показывает не те остатки, что на складе: { $skus }
emulator-start = Не удалось запустить эмулятор: { $detail }
emulator-file = Не удалось использовать файл магазина { $file }: { $detail }
emulator-faults = Не удалось использовать файл сбоев { $file }: { $detail }

hint-fenced = Процесс был приостановлен дольше, чем действует его аренда магазина. `wixsync runs` покажет оба запуска.
hint-state-damaged = Остановите все процессы wixsync, которые её используют, и сохраните копию файла. Верните последнюю резервную копию или переименуйте файл: тогда следующий запуск создаст пустую базу, без истории и токенов. Где лежит файл, покажет `wixsync config show`.
hint-state-newer = В ней ничего не изменено. Обновите wixsync: какая версия установлена, покажет `wixsync --version`. Или укажите в WIXSYNC_STATE_URL отдельную базу.
hint-state = В базе состояния хранится всё, что было записано. Проверьте WIXSYNC_STATE_URL, права на папку и свободное место на диске.
hint-warehouse-url = { $file ->
        [none] Файла wixsync.toml нет ни в текущей папке, ни в вашей папке настроек, ни в /etc/wixsync. Создайте его командой `wixsync init`, укажите путь в --config или задайте WIXSYNC_WAREHOUSE_URL, например sqlite:///папка/warehouse.db
       *[read] Задайте WIXSYNC_WAREHOUSE_URL, например sqlite:///папка/warehouse.db
    }
hint-shop-incomplete = { $file ->
        [none] Файла wixsync.toml нет ни в текущей папке, ни в вашей папке настроек, ни в /etc/wixsync. Создайте его командой `wixsync init`, укажите путь в --config или задайте эти значения в переменных окружения.
       *[read] Задайте эти значения в переменных окружения или в [[shop]] файла wixsync.toml.
    }
hint-two-credentials = Уберите api_key либо app_id, app_secret и instance_id. WIX_API_KEY в окружении — это тоже api_key.
hint-site-twice = Оставьте один из двух. Под двумя именами на сайт могли бы одновременно писать два запуска.
hint-plain-http = Используйте https. Обычный http допустим только для этой машины (localhost, 127.0.0.1).
hint-foreign = { $why ->
    [owner] Кто может изменить настройки, тот решает, куда уйдёт API-ключ. Файл и папка должны принадлежать вам или root: sudo chown "$USER" { $path }
   *[writable] Кто может изменить настройки, тот решает, куда уйдёт API-ключ: chmod go-w { $path }
}
hint-state-second = Паузы, токены и очередь запусков одной базы для другой ничего не значат. Укажите один state_url для всех команд и службы и удалите файл, который больше не нужен.
hint-another-waits = Ждать может только один запуск. Повторите, когда он закончится; его покажет `wixsync runs`.
hint-run-ambiguous = Укажите номер запуска или больше символов его id. Запуски показывает `wixsync runs`.
hint-run-not-found = `wixsync runs` показывает последние запуски. Проверьте, та ли это база состояния.
hint-runtime = Освободите память или увеличьте лимиты числа потоков и открытых файлов, затем запустите программу снова.
hint-defect = Сообщите об этой ошибке и приложите строки выше. Всё отправленное проверит следующий запуск.
hint-not-unicode = Задайте её заново в терминале с UTF-8 или запишите значение в wixsync.toml.
hint-output-lost = Сама работа выполнена; запуски покажет `wixsync runs`. Если это был новый токен, отзовите его и создайте другой. Проверьте свободное место там, куда идёт вывод.
hint-error-code-unknown = Все коды покажет `wixsync error`.
hint-usage-option = Все параметры покажет `{ $help }`.
hint-usage-command = Все команды покажет `{ $help }`.
hint-usage-value = Аргументы и их возможные значения покажет `{ $help }`.
hint-set-twice = Укажите каждый артикул один раз.
hint-unknown-variable = Исправьте имя или уберите переменную: настройка с ошибкой в имени не действует. Все настройки показывает `wixsync config show`.
hint-unknown-zone = Задайте TZ именем вроде Europe/Moscow или уберите эту переменную. Расписание читается в time_zone, если он задан.
hint-otlp = Укажите в OTEL_EXPORTER_OTLP_ENDPOINT адрес сборщика HTTP, например http://localhost:4318, или уберите переменную.
hint-no-file = Проверьте путь в --config или в WIXSYNC_CONFIG либо уберите и то, и другое: все настройки можно задать и переменными окружения.
hint-file-not-utf-8 = Сохраните файл в UTF-8, с меткой порядка байтов или без неё. В Блокноте кодировку выбирают в окне «Сохранить как».
hint-file-syntax = { $mistake ->
    [quotes] Возьмите значение в кавычки: имя = "значение". Без кавычек пишутся только числа, true и false.
    [typographic] Нужны прямые кавычки: "значение".
    [open] Кавычка или скобка не закрыта либо стоит внутри значения. Внутри "…" пишите \" или возьмите значение в '…'.
    [backslash] Внутри "…" обратная косая черта начинает управляющую последовательность: удвойте её или возьмите значение в '…'. В путях можно писать / и в Windows.
    [equals] Настройки пишутся так: имя = "значение", по одной в строке.
    [empty] Впишите значение после знака равенства или уберите строку.
    [twice] Такое имя уже задано выше; оставьте одно из двух.
   *[unclear] Файл со всеми настройками покажет `wixsync config example`.
}
hint-config-file = Исправьте это место в файле и проверьте: `wixsync config check`.
hint-one-table = Напишите [[{ $name }]], с двумя скобками с каждой стороны, и проверьте: `wixsync config check`.
hint-config-value = Исправьте значение там, где оно задано, и проверьте: `wixsync config check`.
hint-twice = Уберите что-то одно.
hint-secret-file = Проверьте путь и права этого пользователя на чтение файла.
hint-secret-empty = Запишите в файл секрет одной строкой.
hint-database-scheme = Если остатки хранятся в другом месте, сохраните их списком и загрузите: `wixsync import ФАЙЛ`.
hint-database-name = Базы PostgreSQL показывает `psql -l`, базы MySQL и MariaDB — `SHOW DATABASES`.
hint-database-url = Перед абсолютным путём к файлу ставятся три косые черты, перед относительным — две. В пароле знаки @ / : % пишутся как %40 %2F %3A %25.
hint-shop-names = Дайте каждому [[shop]] своё имя.
hint-bad-key = Скопируйте его из Wix заново, целиком, без пробелов и переводов строки.
hint-bad-base-url = { $of ->
        [collector] Укажите адрес сборщика HTTP, например http://localhost:4318. Без этой настройки трассировка не отправляется.
        [proxy] Укажите адрес HTTP-прокси, например http://proxy.example.com:3128, или уберите настройку.
        [dead-man] Укажите полный адрес из сервиса мониторинга, например https://example.com/ping, или уберите настройку.
       *[wix] Для самого Wix уберите настройку. Для эмулятора укажите адрес, который он печатает.
    }
hint-shop-option = Укажите один из них. Если магазин один, уберите --shop.
hint-which-shop = Добавьте --shop ИМЯ или назовите один из них "default".
hint-empty-query = Напишите SELECT, который возвращает sku, quantity и при необходимости warehouse, или уберите настройку.
hint-no-warehouses = Уберите настройку, чтобы учитывать остатки всех складов.
hint-state-is-warehouse = Укажите в WIXSYNC_STATE_URL или в state_url файла wixsync.toml другой файл, например sqlite:///папка/state.db.
hint-no-state-url = Задайте WIXSYNC_STATE_URL, например sqlite:///папка/state.db.
hint-client = Проверьте сертификаты и сетевые настройки этой машины.
hint-stopped-waiting = Запустите снова, когда закончится другой запуск. Его покажет `wixsync runs`.
hint-emulator-start = Возможно, этот порт занят другой программой. `--listen 127.0.0.1:0` выберет свободный.
hint-emulator-file = { $why ->
    [unreadable] Проверьте путь и права этого пользователя на чтение файла.
   *[content] Исправьте файл. Его формат описан в crates/wix-emulator/README.md в исходном коде.
}
hint-demo = Демонстрации нужны папка для временных файлов со свободным местом и свободный порт на этой машине.
hint-demo-wrong = Это ошибка в wixsync: сообщите о ней, приложив строки выше.
hint-line-rejected = Причину сообщил Wix. Исправьте товар в Wix; следующий запуск попробует снова.
hint-line-suspect = Следующий запуск прочитает его заново. Посмотрите `wixsync explain SKU` и проверьте, не изменил ли его кто-то в Wix.
hint-line-unresolved = Следующий запуск прочитает его заново перед записью.
