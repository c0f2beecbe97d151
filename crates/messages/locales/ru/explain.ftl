# Почему у артикула такое количество.
explain-title = { $sku }, магазин { $shop }
explain-warehouse = На складе сейчас
explain-sum = всего { $sum }
explain-not-counted = не учитывается: этот склад не выбран
explain-no-rows = строк остатков нет
explain-unknown-to-warehouse = на складе этого артикула нет
explain-target = должно быть { $target }
explain-shop = В Wix сейчас
explain-listing = { $level } (товар { $product })
explain-listing-variant = { $level } (товар { $product }, вариант { $variant })
explain-by-status = учёт только «есть» или «нет» (товар { $product }, вариант { $variant })
explain-no-item = нет складской карточки, поэтому нет и количества (товар { $product }, вариант { $variant })
explain-untracked = учёт остатка выключен (товар { $product })
explain-no-level = количества нет (товар { $product })
explain-unknown-to-shop = такого артикула нет ни у товара, ни у варианта
explain-alike = почти такой же артикул здесь: { $sku } ({ $differences }); артикулы должны совпадать точно
explain-next = Следующий запуск
explain-next-change = изменит { $from } на { $to } ({ $delta }), если защита пропустит весь план
explain-next-in-step = ничего не изменит: Wix уже показывает нужное количество
explain-next-left-alone = пропустит: { $reason }
explain-next-unknown = неизвестно, пока не прочитаны обе стороны
explain-history = { $count ->
    [one] Последний запуск
    [few] Последние { $count } запуска, сначала новые
   *[other] Последние { $count } запусков, сначала новые
}
explain-no-history = Ни один запуск его ещё не обрабатывал.
explain-passage = { $time }  { $kind }  { $run }
explain-passage-in-step = Wix показывал нужное количество; менять было нечего
explain-passage-no-change = без изменений
explain-passage-unrecorded = ничего не записано: запуск не знал этого артикула, или Wix показывал нужное количество
explain-folded = { $first } – { $last }, { $runs ->
    [one] { $runs } запуск
    [few] { $runs } запуска
   *[many] { $runs } запусков
}: { $what }
explain-earlier-changes = Последние изменения до этого
explain-passage-left-alone = пропущен: { $reason }
explain-passage-line = было { $from }, должно быть { $to }, изменение { $delta }: { $state }
explain-passage-line-left-out = в плане было { $from }, должно быть { $to }, изменение { $delta }: { $state }
explain-passage-line-after = было { $from }, должно быть { $to }, изменение { $delta }: { $state }, затем в Wix стало { $after }
explain-sold-meanwhile = { $units ->
    [one] пока шла запись, продана или снята { $units } единица
    [few] пока шла запись, проданы или сняты { $units } единицы
   *[other] пока шла запись, продано или снято { $units } единиц
}
explain-fewer-since = { $units ->
    [one] на { $units } единицу меньше, чем после предыдущего запуска: продано или изменено в Wix
    [few] на { $units } единицы меньше, чем после предыдущего запуска: продано или изменено в Wix
   *[other] на { $units } единиц меньше, чем после предыдущего запуска: продано или изменено в Wix
}
explain-more-since = { $units ->
    [one] на { $units } единицу больше, чем после предыдущего запуска: возврат, пополнение или изменено в Wix
    [few] на { $units } единицы больше, чем после предыдущего запуска: возврат, пополнение или изменено в Wix
   *[other] на { $units } единиц больше, чем после предыдущего запуска: возврат, пополнение или изменено в Wix
}
kind-sync = синхронизация
kind-plan = план
kind-apply = применение плана
kind-set = установка
kind-dry-run = пробный запуск
started-by-schedule = расписание
started-by-api = API
started-by-command-line = вручную
started-by-doctor = doctor
cli-explain = Объяснить, почему у артикула такое количество
cli-explain-sku = Артикул, точно как он записан в магазине и на складе
cli-explain-runs = Сколько прошлых запусков показать, не больше
