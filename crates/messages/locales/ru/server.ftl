# The service.
api-welcome = wixsync работает. API описан на странице /docs/; нужен токен, его создаёт `wixsync token create ИМЯ`.
api-started = Синхронизация с Wix запущена
api-started-dry-run = Пробный запуск принят: в Wix ничего не записывается
api-started-plan = Составление плана принято: в Wix ничего не записывается
api-started-apply = Запрос на применение плана принят
api-started-set = Запрос на установку количества принят

problem-no-such-path = Такого пути нет
problem-hint-no-such-path = Все пути перечислены в /docs.
problem-wrong-method = Этот путь не принимает такой метод
problem-no-such-run = Такого запуска нет
problem-hint-no-such-run = Список запусков: GET /api/v1/runs. Запуски старше срока хранения удаляются.
problem-no-such-shop = Магазин с таким именем не настроен
problem-hint-no-such-shop = Список магазинов: GET /api/v1/shops.
problem-which-shop = Настроено несколько магазинов; укажите один в поле `shop`
problem-no-token = Нужен действующий токен
problem-hint-no-token = Передайте `Authorization: Bearer ТОКЕН`. Создать токен: `wixsync token create ИМЯ`.
problem-not-allowed = Токен этого не разрешает
problem-hint-not-allowed = `wixsync token create ИМЯ --scope run` создаст токен для запусков, `--scope admin` — для всего.
problem-too-many-tries = Слишком много попыток с недействительным токеном
problem-hint-too-many-tries = Подождите столько, сколько указано в заголовке Retry-After, и передайте действующий токен.
problem-too-many-explanations = Слишком много объяснений с этим токеном
problem-hint-too-many-explanations = Подождите столько, сколько указано в заголовке Retry-After. С одним токеном можно запросить 30 объяснений в минуту; о многих артикулах сразу рассказывают `runs` и `run`.
problem-not-json = Тело запроса — не JSON
problem-bad-body = В теле запроса есть неизвестное поле или недопустимое значение
problem-bad-query = В параметрах запроса есть неизвестный параметр или недопустимое значение
problem-hint-bad-body = Что принимает каждый путь, описано в /docs.
problem-body-too-large = Тело запроса слишком большое
problem-hint-body-too-large = Не больше 1 МиБ. Разбейте его на несколько запросов.
problem-encoded-body = Тело запроса сжато
problem-hint-encoded-body = Передайте его без сжатия, без Content-Encoding.
problem-bad-key = Idempotency-Key должен содержать от 1 до 255 видимых символов
problem-hint-bad-key = Подойдёт случайный UUID.
problem-key-reused = Этот Idempotency-Key уже использован для другого запроса
problem-hint-key-reused = Для нового запроса используйте новый ключ.
problem-another-waits = Магазин занят, и его уже ждёт другой запрос
problem-hint-another-waits = Повторите, когда тот запуск начнётся, или отмените его.
problem-shop-paused = Запись в этот магазин приостановлена
problem-hint-shop-paused = Возобновите её: `wixsync resume` или POST /api/v1/shops/МАГАЗИН/resume.
problem-run-is-over = Запуск уже закончился
problem-hint-run-is-over = Отменять нечего. Результат покажет GET /api/v1/runs/ЗАПУСК.
problem-not-a-task = Запуск начат из командной строки
problem-hint-not-a-task = Остановить его можно там: Ctrl-C.
problem-shop-failed = Не удалось обратиться к магазину
problem-took-too-long = Запрос выполнялся слишком долго
problem-hint-took-too-long = Повторите через несколько минут. Подробности — в журнале службы.
problem-state-damaged = База состояния повреждена
problem-hint-state-damaged = Остановите службу и сохраните копию файла. Верните последнюю резервную копию или переименуйте файл: тогда служба создаст пустую базу, без истории и токенов.
problem-state-failed = База состояния не работает
problem-hint-state-failed = Посмотрите журнал службы. Проверьте права на папку базы состояния и свободное место на диске.
# Ошибки в запросе. `path` — путь к значению, например `skus[2]`.
fit-unknown-field = Неизвестное поле `{ $name }`; возможны: { $known }
fit-unknown-parameter = Неизвестный параметр `{ $name }`; возможны: { $known }
fit-no-fields = Неизвестное поле `{ $name }`: этот путь не принимает полей
fit-missing = Не хватает поля `{ $name }`
fit-twice = `{ $name }` указано дважды
fit-not-one-of = В `{ $path }` недопустимое значение `{ $word }`; возможно: { $known }
fit-wrong-type = В `{ $path }` ожидается { $wanted }, а получено: { $found }
fit-body-type = В теле запроса ожидается объект, а получено: { $found }
fit-out-of-range = В `{ $path }` ожидается целое число от { $least } до { $most }
fit-empty = `{ $path }` не может быть пустым
fit-too-many = В `{ $path }` больше { $most } значений
fit-unsuitable = В `{ $path }` недопустимое значение
fit-cursor = В `cursor` ожидается `next_cursor` предыдущей страницы
fit-no-parameters = Этот путь не принимает параметров; передано `{ $query }`
fit-path-no-text = Значение `{ $name }` в пути — не UTF-8
fit-not-json = Неверный JSON: строка { $line }, позиция { $column }
fit-json-ends = JSON обрывается: строка { $line }, позиция { $column }
fit-broke-off = Соединение прервалось, пока передавалось тело запроса
fit-too-slow = Тело запроса не пришло за { $seconds } с
fit-type-null = null
fit-type-bool = true или false
fit-type-whole = целое число
fit-type-fraction = дробное число
fit-type-text = строка
fit-type-list = список
fit-type-object = объект

problem-defect = Внутренняя ошибка wixsync
problem-hint-defect = Найдите в журнале службы номер запроса (заголовок X-Request-Id).

cli-serve = Запустить службу: HTTP API, расписание, запуски
cli-serve-listen = Адрес службы; важнее WIXSYNC_LISTEN и файла настроек
cli-serve-settings = Адрес, расписание и часовой пояс: WIXSYNC_LISTEN (127.0.0.1:8080), WIXSYNC_SCHEDULE (1h) и WIXSYNC_TIME_ZONE либо listen, schedule и time_zone в wixsync.toml. Все настройки показывает `wixsync config show`.
cli-worker = Только выполнять задачи, вместе со службой с той же базой состояния
cli-pause = Остановить всю запись в магазин до `resume`
cli-resume = Возобновить запись в магазин
cli-token = Создать, показать или отозвать токены для HTTP API
cli-token-create = Создать токен; он показывается только один раз
cli-token-list = Показать список токенов, без самих токенов
cli-token-revoke = Отозвать токен
cli-token-name = Имя токена
cli-token-scope = Что он разрешает: чтение, запуски или всё
cli-token-days = Через сколько дней он перестанет действовать (по умолчанию бессрочный)

serve-serves = wixsync работает по адресу { $url }
serve-docs = Описание API: { $url }/docs/
serve-in-the-open = Служба доступна с других машин, а токены передаются без шифрования: поставьте перед ней прокси с TLS
serve-state = База состояния: { $state }
serve-no-warehouse = Базы склада { $warehouse } нет; пока её нет, запуски не удаются
serve-shop-next = Магазин { $shop }: следующий запуск { $at }
serve-shop-paused = Магазин { $shop }: приостановлен с { $since }; возобновит `{ $command }`
serve-shop-never = Магазин { $shop }: запусков по расписанию нет, только по запросу
serve-check = Настройки, склад и магазины проверит `wixsync doctor`
serve-first-token = Первый токен, он разрешает всё. Показывается только один раз; отправляйте его как `Authorization: Bearer ТОКЕН`:
log-handed-back = Задача возвращена в очередь; её продолжит следующая служба или worker
log-stopping = Остановка. Сначала закончатся начатые запросы; ещё один Ctrl-C или SIGTERM остановит сразу
log-stopped = Остановлено
serve-cannot-listen = Не удалось занять адрес { $address }: { $why ->
    [taken] этот порт занят другой программой
    [forbidden] у этого пользователя нет прав
    [not_here] у этой машины нет такого адреса
   *[unusual] { $detail }
}
hint-serve-cannot-listen = { $why ->
    [forbidden] Для портов ниже 1024 нужны особые права. Укажите другой адрес: --listen, WIXSYNC_LISTEN или listen в wixsync.toml.
   *[unusual] Укажите другой адрес: --listen, WIXSYNC_LISTEN или listen в wixsync.toml.
}
serve-broken = Часть службы неожиданно остановилась; причина — в журнале
hint-serve-broken = Посмотрите журнал и запустите службу снова. systemd перезапустит её автоматически.
serve-no-metrics = Не удаётся собирать показатели: { $detail }
worker-works = wixsync выполняет задачи

shop-is-paused = Магазин { $shop } приостановлен: запись остановлена до `{ $command }`
shop-is-resumed = Запись в магазин { $shop } возобновлена

token-shown-once = Он показывается только один раз. Передавайте его как `Authorization: Bearer ТОКЕН`.
token-no-randomness = Не удалось получить случайные числа для токена: { $detail }
hint-token-no-randomness = Система не даёт случайных чисел. Если она только что запустилась, повторите чуть позже.
token-bad-name = Имя токена должно быть не длиннее { $most } символов, без управляющих символов и не начинаться с `{ $taken }`
hint-token-bad-name = Назовите его по программе, которая им пользуется, например `shop-backend`.
token-name-taken = Токен { $name } уже есть
hint-token-name-taken = Выберите другое имя или отзовите тот токен: `wixsync token revoke { $word }`.
token-unknown = Токена { $name } нет
hint-token-unknown = Все токены покажет `wixsync token list`.
token-revoked = Токен { $name } отозван
token-none = Токенов нет
token-name = имя
token-scope = права
token-created = создан
token-expires = действует до
token-used = использован
