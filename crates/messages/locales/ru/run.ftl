# The log lines of a run, in the guide's words.
log-started = Начало синхронизации количества товаров с Wix
log-started-plan = Начало составления плана: ничего не будет записано
log-started-apply = Начало применения плана { $plan }
log-started-set = Начало установки количества товаров в Wix
log-following = Запуск { $run } делает ту же работу; ждём его конца. Если его процесс погиб, этот продолжит примерно через полминуты
log-queued = Магазин занят запуском { $run }; ждём своей очереди. Если его процесс погиб, этот продолжит примерно через полминуты
log-taken-over = Подхвачен запуск, процесс которого погиб: { $deaths }-й раз из { $most } возможных
log-reading-shop = Поиск товаров в Wix...
log-reading-shop-again = Страницы из Wix не сошлись; магазин читается ещё раз
log-reading-warehouse = Получение товаров из локальной базы данных...
log-warehouses-missing = Ни одна строка остатков не называет эти выбранные склады, остальные суммируются: { $names }
log-local = { $count ->
    [one] Найден { $count } товар с остатками в локальной базе
    [few] Найдено { $count } товара с остатками в локальной базе
   *[other] Найдено { $count } товаров с остатками в локальной базе
}
log-skus = Получен список из { $count } SKU для поиска в Wix
log-found = { $count ->
    [one] Найден { $count } товар в Wix
    [few] Найдено { $count } товара в Wix
   *[other] Найдено { $count } товаров в Wix
}
log-prepared = Подготовлено обновление для { $sku }: { $from } -> { $to }
log-writing = { $count ->
    [one] Выполнение { $count } обновления в Wix...
    [few] Выполнение { $count } обновлений в Wix...
   *[other] Выполнение { $count } обновлений в Wix...
}
log-nothing-to-write = Записывать нечего
log-updated = Обновлен товар { $item }: { $delta }
log-unclean = { $count ->
    [one] Нет ясного ответа на { $count } обновление: { $error }
    [few] Нет ясного ответа на { $count } обновления: { $error }
   *[other] Нет ясного ответа на { $count } обновлений: { $error }
}
log-settling = { $seconds ->
    [one] Ждём { $seconds } секунду, прежде чем читать количество: { $why }
    [few] Ждём { $seconds } секунды, прежде чем читать количество: { $why }
   *[other] Ждём { $seconds } секунд, прежде чем читать количество: { $why }
}
log-wait-unclear = обновление, на которое нет ясного ответа, ещё может дойти
log-wait-refused = Wix отклонил обновления и, возможно, ещё не показывает, что из них сделано
log-wait-second-look = похоже, часть обновлений не в магазине, но Wix мог их ещё не показать
log-wait-earlier = обновление прежнего запуска, на которое не было ясного ответа, ещё может дойти
log-wait-late = прежний запуск только что записал часть этих товаров, и Wix, возможно, ещё этого не показывает
log-wait-not-shown = часть обновлений Wix пока не показывает
log-wait-dead-run = прерванный запуск оставил обновления, которые ещё могут дойти
log-verifying = { $count ->
    [one] Проверка { $count } обновления...
    [few] Проверка { $count } обновлений...
   *[other] Проверка { $count } обновлений...
}
log-held = Защита остановила план, ничего не записано: { $reason }
log-finished = Синхронизация завершена: { $report }
log-planned = План составлен: { $report }
log-waiting = Лимит Wix исчерпан; запросы ждут, до { $seconds } с
log-failed = Синхронизация не удалась: { $reason }
log-interrupted = Синхронизация прервана: { $report }

reading = Магазин прочитан { $way }: { $reason }
way-crawl = целиком, страница за страницей
way-known-ids = по id товаров из прежних запусков
way-sku-list = по запрошенным SKU
why-fewest-requests = другие способы не обойдутся меньшим числом запросов
why-read-in-parallel = запросы идут параллельно, это быстрее, чем один за другим
why-nothing-known = о нём ещё ничего не известно
why-other-site = известное относится к другому сайту
why-crawl-is-due = последнему чтению целиком уже сутки
why-counts-differ = товаров в нём не столько, сколько известно
why-listings-differ = вариантов в нём не столько, сколько известно
why-many-changes = многие товары в нём изменились
why-not-offered = на более дешёвый вопрос он не отвечает

progress-reading = Чтение
progress-writing = Запись
progress-verifying = Проверка

message-converged = Синхронизация завершена
message-partial = Синхронизация завершена
message-held-by-guard = Ничего не записано: план остановлен защитой
message-interrupted = Синхронизация прервана
message-planned = План составлен, ничего не записано
message-failed = Синхронизация не удалась

outcome-converged = актуален
outcome-partial = обновлено не всё
outcome-held-by-guard = остановлено защитой, ничего не записано
outcome-failed = запуск не удался
report-partial = Код завершения { $code }: запуск дошёл до конца (status: success), но в магазине подтверждены не все изменения; не подтверждено: { $count } из { $planned }
report-hint-interrupted = Запустите снова, когда захотите: он продолжит с того, что покажет Wix, а отправленное сначала выяснит.
outcome-interrupted = запуск прерван
outcome-planned = план составлен, ничего не записано
outcome-planned-short = план готов
outcome-held-by-guard-short = остановлено защитой
task-pending = ждёт
task-started = выполняется
task-retry = подхвачен

state-planned = запланировано
state-sent = отправлено
state-acked = подтверждено
state-not-applied = точно не в магазине
state-retried = отправлено снова
state-unknown = исход неизвестен
state-verified = проверено
state-moved-since = тем временем продано
state-converged = верно после неясного ответа
state-rejected = отказано
state-suspect = сомнительно
state-unresolved = не подтверждено
state-not-sent = не отправлено
state-skipped-in-apply = не нужно или изменилось после плана
