# The log lines of a run, in the guide's words.
log-started = Начало синхронизации количества товаров с Wix
log-started-plan = Составление плана: ничего не будет записано
log-started-apply = Применение плана { $plan }
log-started-set = Установка количества товаров в Wix
log-another-writer = В этот магазин пишет другая программа; изменений, которые сделала ещё и она: { $found } из { $of }. Следующий запуск будет остановлен
log-following = Запуск { $run } делает ту же работу; ждём его результата. Если его процесс аварийно завершился, этот продолжит примерно через полминуты
log-queued = Магазин занят запуском { $run }; ждём, когда он закончится. Если его процесс аварийно завершился, этот продолжит примерно через полминуты
log-taken-over = Продолжаем запуск, процесс которого аварийно завершился: { $deaths }-й раз из { $most } возможных
log-reading-shop = Поиск товаров в Wix...
log-reading-shop-again = Страницы из Wix не согласуются; читаем магазин ещё раз
log-reading-warehouse = Получение товаров из локальной базы данных...
log-warehouses-missing = Для этих выбранных складов нет строк остатков, складываем остальные: { $names }
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
log-updated = Обновлён товар { $item }: { $delta } (артикул { $sku })
log-unclean = { $count ->
    [one] Нет ясного ответа на { $count } обновление: { $error }
    [few] Нет ясного ответа на { $count } обновления: { $error }
   *[other] Нет ясного ответа на { $count } обновлений: { $error }
}
log-refused = { $count ->
    [one] Wix отклонил { $count } обновление: { $error }
    [few] Wix отклонил вызов с { $count } обновлениями; проверяем, не выполнил ли он часть из них: { $error }
   *[other] Wix отклонил вызов с { $count } обновлениями; проверяем, не выполнил ли он часть из них: { $error }
}
log-settling = { $seconds ->
    [one] Ждём { $seconds } секунду, прежде чем читать количество: { $why }
    [few] Ждём { $seconds } секунды, прежде чем читать количество: { $why }
   *[other] Ждём { $seconds } секунд, прежде чем читать количество: { $why }
}
log-wait-unclear = обновление, на которое нет ясного ответа, ещё может дойти
log-wait-refused = Wix отклонил обновления и, возможно, ещё не показывает, выполнил ли часть из них
log-wait-second-look = похоже, часть обновлений не дошла до магазина, но Wix мог их ещё не показать
log-wait-earlier = обновление предыдущего запуска, на которое не было ясного ответа, ещё может дойти
log-wait-late = предыдущий запуск только что записал часть этих товаров, и Wix, возможно, ещё этого не показывает
log-wait-not-shown = Wix ещё не показывает часть обновлений
log-wait-dead-run = прерванный запуск оставил обновления, которые ещё могут дойти
log-verifying = { $count ->
    [one] Проверка { $count } обновления...
    [few] Проверка { $count } обновлений...
   *[other] Проверка { $count } обновлений...
}
log-held = Защита остановила план, ничего не записано: { $reason }
log-finished = Синхронизация завершена: { $report }
log-planned = План составлен: { $report }
log-waiting = Лимит запросов Wix исчерпан; запросы ждут до { $seconds } с
log-lines-dropped = { $count ->
    [one] Здесь не хватает { $count } строки журнала: его читали слишком медленно
    [few] Здесь не хватает { $count } строк журнала: его читали слишком медленно
   *[many] Здесь не хватает { $count } строк журнала: его читали слишком медленно
}
log-failed = Синхронизация не удалась: { $reason }
log-interrupted = Синхронизация прервана: { $report }
run-stopping = Остановка после запроса, который уже отправлен. Ещё один Ctrl-C остановит сразу; тогда отправленное проверит следующий запуск

reading = Магазин прочитан { $way }: { $reason }
way-crawl = целиком, страница за страницей
way-known-ids = по идентификаторам товаров из прежних запусков
way-changes = по запомненному и тому, что изменилось с тех пор
way-sku-list = по запрошенным артикулам
why-fewest-requests = другим способом запросов будет не меньше
why-read-in-parallel = запросы идут параллельно, так быстрее
why-nothing-known = это первое чтение, сохранённых данных ещё нет
why-other-site = сохранённые данные относятся к другому сайту
why-catalog-changed = сайт перешёл на другой каталог
why-crawl-is-due = с последнего полного чтения прошли сутки
why-counts-differ = число товаров отличается от сохранённого
why-listings-differ = варианты отличаются от сохранённых
why-many-changes = изменились многие товары
why-not-offered = он не поддерживает более дешёвый запрос

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
outcome-held-by-guard = запуск остановлен защитой, ничего не записано
outcome-failed = запуск не удался
end-partial = Код завершения { $code }: запуск дошёл до конца (status: success), но { $parts }
end-failed-nothing-sent = В магазин ничего не записано.
end-failed = Следующий запуск продолжит с того, что покажет Wix.
end-interrupted-nothing-sent = В магазин ничего не записано. Запустите снова в любое время.
end-interrupted = Запустите снова в любое время. Следующий запуск сначала проверит отправленное, затем продолжит с того, что покажет Wix.
end-nothing-needed = Wix уже показывает всё, что было в плане; ничего не отправлено.
end-in-shop = Изменений в магазине: { $done } из { $of }
end-rejected = { $count ->
    [one] Wix отклонил { $count } изменение
    [few] Wix отклонил { $count } изменения
   *[other] Wix отклонил { $count } изменений
}
end-open = { $count ->
    [one] { $count } изменение отправлено, но не подтверждено в магазине
    [few] { $count } изменения отправлены, но не подтверждены в магазине
   *[other] { $count } изменений отправлено, но не подтверждено в магазине
}
end-doubled = { $count ->
    [one] { $count } изменение сделала ещё и другая программа
    [few] { $count } изменения сделала ещё и другая программа
   *[other] { $count } изменений сделала ещё и другая программа
}
end-not-sent = { $count ->
    [one] { $count } изменение не отправлено
    [few] { $count } изменения не отправлены
   *[other] { $count } изменений не отправлено
}
end-no-longer = { $count ->
    [one] { $count } изменение пропущено: оно уже не нужно или больше не подходит
    [few] { $count } изменения пропущены: они уже не нужны или больше не подходят
   *[other] { $count } изменений пропущено: они уже не нужны или больше не подходят
}
end-left-out = { $count ->
    [one] { $count } названный артикул пропущен
    [few] { $count } названных артикула пропущены
   *[other] { $count } названных артикулов пропущено
}
outcome-interrupted = запуск прерван
outcome-planned = план составлен, ничего не записано
outcome-planned-short = план готов
outcome-held-by-guard-short = остановлен защитой
outcome-partial-short = частично
outcome-failed-short = ошибка
task-pending = ждёт
task-started = выполняется
task-retry = возобновлён

state-planned = запланировано
state-sent = отправлено
state-acked = подтверждено
state-not-applied = нет в магазине
state-retried = отправлено снова
state-unknown = исход неизвестен
state-verified = проверено
state-moved-since = продано тем временем
state-converged = подтверждено после неясного ответа
state-rejected = отклонено
state-suspect = сомнительно
state-unresolved = не подтверждено
state-not-sent = не отправлено
state-skipped-in-apply = не нужно или изменилось после плана
