# Help of the command line.
cli-about = Приводит количество товаров в магазине Wix к остаткам вашей базы данных. В одну сторону: база → Wix.
cli-usage = Использование
cli-commands = Команды
cli-arguments = Аргументы
cli-options = Параметры
cli-help = Показать справку
cli-version = Показать версию
cli-config-file = Файл настроек (по умолчанию wixsync.toml в текущей папке, в вашей папке настроек или в /etc/wixsync)
cli-lang = Язык
cli-json = Вывести в stdout один объект JSON
cli-quiet = Только предупреждения и ошибки, без журнала и хода работы
cli-verbose = Подробный журнал: каждый шаг и каждый артикул
cli-shop = Магазин, если их настроено несколько
cli-sku = Только эти артикулы
cli-dry-run = Только составить план, ничего не записывать
cli-catalog = Каталог эмулируемого магазина: v1 или v3
cli-demo = Показать один запуск на эмуляторе магазина; аккаунт не нужен, после показа ничего не остаётся
cli-sync = Обновить магазин по остаткам склада
cli-plan = Показать, что изменил бы запуск; ничего не записывается
cli-plan-id = План, который составил `plan` или запуск, остановленный защитой: его номер, last, его id или начало id
cli-apply = Записать именно изменения плана, если они ещё подходят
cli-products = Показать, что есть в Wix по этим артикулам
cli-inventory-updates = Напечатать обновление остатков для каждого из этих артикулов; количество вы впишете сами
cli-skus = Артикулы
cli-batch-size = Сколько артикулов в одном запросе, от 1 до 100
cli-set = Установить количество в магазине вручную; следующий запуск вернёт остатки склада
cli-quantities = Артикул и количество (0–99999); можно несколько
cli-runs = Показать последние запуски
cli-runs-outcome = Только запуски с этим исходом
cli-runs-started-by = Только запуски, начатые так; пробные запуски `doctor` показываются только с этим параметром
cli-limit = Сколько запусков показать
cli-run = Показать один запуск построчно
cli-run-id = Запуск: его номер, last, его id или начало id
cli-run-csv = Напечатать изменённые артикулы в CSV
cli-status = Показать состояние магазинов: последние запуски, следующий, паузы, проблемы; нужна только база состояния
cli-config = Показать и проверить настройки
cli-config-show = Показать все настройки, их значения и источники
cli-completions = Напечатать скрипт автодополнения для оболочки
cli-completions-shell = Оболочка
cli-emulator = Запустить эмулятор магазина Wix на этой машине, чтобы попробовать
cli-emulator-file = Магазин в виде файла JSON (по умолчанию магазин команды `demo`)
cli-emulator-listen = Адрес, на котором отвечает эмулятор; порт 0 — любой свободный
cli-emulator-rate-limit = Отклонять запросы сверх этого числа в минуту
cli-emulator-faults = Сбои в виде файла JSON: сбои, случайные сбои (повторяются при том же seed), переключатели, задержка, лимит запросов (описаны на странице эмулятора)

label-error = ошибка
label-warning = внимание
label-hint = подсказка

show-setting = настройка
show-value = значение
show-origin = источник
show-default = по умолчанию

lookup-missing = { $sku } нет в магазине
lookup-ambiguous = { $sku } указан у нескольких товаров или вариантов, поэтому не показан
set-skipped = { $sku } пропущен: { $reason }

runs-none = Запусков ещё не было
runs-none-in = { $which ->
    [some] Таких запусков в базе состояния { $state } нет
   *[all] В базе состояния { $state } запусков ещё нет
}
runs-number = №
runs-by = кем начат
runs-started = начало
runs-id = запуск
runs-shop = магазин
runs-kind = вид
runs-outcome = исход
runs-changes = в магазине/в плане
runs-changes-short = факт/план
runs-errors = ошибки
status-title = Магазин { $shop }
status-well = проблем нет
status-problems = обратите внимание
status-never = никогда
status-no-shops = Магазины не настроены
status-last-good = Последний запуск, после которого весь магазин был актуален: { $at }
status-last-run = Последний запуск: { $run }, { $kind }, { $at }: { $outcome }
status-next = Следующий запуск по расписанию, если работает `wixsync serve`: { $at }
status-no-next = Запусков по расписанию нет
status-open-tasks = Задач службы, которые выполняются или ждут: { $count }
status-requests-left = Запросов к Wix осталось в этой минуте: { $left }
status-paused = Приостановлен с { $since }: ничего не записывается. Возобновит `{ $command }`.
status-held = План запуска { $run } остановлен защитой. Посмотреть: `wixsync run { $run }`; записать: `wixsync apply { $run }`.
status-held-empty = Защита остановила запуск { $run }, применять в нём нечего. Почему, покажет `wixsync run { $run }`; новый запуск составит план заново.
status-not-good = Запуск { $run }: { $outcome }. Что случилось, покажет `wixsync run { $run }`.
status-task-waits = Задача ждёт с { $since }. Запустите `wixsync serve` или `wixsync worker`.
status-window-closed = Wix отклонил запросы: их слишком много. Они продолжатся в { $until }.
run-earlier = Попытка { $attempt }, остановлена или прервана сбоем; изменений в Wix: { $done }
run-open = Запуск { $run }: { $status }

line-sku = артикул
line-read = было
line-target = цель
line-delta = изменение
line-after = стало
line-state = состояние
line-detail = подробности

report-headline = Магазин { $shop }: { $outcome }
report-but-skipped = ; пропущено: { $count }
report-but-skipped-new = ; пропущено: { $count }, из них новых с прошлого запуска: { $new }
report-misspelled = Возможно, вместо { $sku } имелось в виду { $meant }. Отличие: { $differences }
report-no-such-warehouse = Ни одной строки остатков на складе { $name } из [warehouse] warehouses
report-no-such-warehouse-but = Ни одной строки остатков на складе { $name } из [warehouse] warehouses; похожий: { $similar }
report-near = Артикулы, которые почти совпадают и не синхронизируются: { $count }
report-nothing-matched = сверять нечего: ни один артикул склада нельзя записать в этот магазин
report-nothing-known = этих артикулов нет ни на складе, ни в магазине
report-hint-unknown = артикулы должны совпадать точно: проверьте регистр, пробелы и нули в начале
report-products = Товаров с остатками: { $total }, из них в Wix: { $found }; распродано: { $sold_out }
report-matched = Сверено с Wix: { $matched }; уже совпадает: { $in_step }
report-no-sku = Товаров и вариантов без артикула в магазине: { $count }
report-changes-planned = Изменений в плане: { $planned }
report-changes = Изменений в плане: { $planned }, подтверждено в магазине: { $executed }, ошибок: { $errors }
report-another-writer = В этот магазин пишет другая программа; изменений, которые сделала ещё и она: { $found } из { $of }
report-hint-another-writer = Остановите другую установку, например старый сервер, который забыли выключить. Следующий запуск будет остановлен, пока вы не пропустите его план командой `wixsync apply`.
report-back-on-sale = Снова в продаже: { $count }; покупатели, которые ждут, могут получить письмо от Wix, и его уже не отозвать
report-would-be-back = Вернётся в продажу: { $count }; покупатели, которые ждут, могут получить письмо от Wix, и его уже не отозвать
changes-to-zero = { $units ->
    [one] Снимаются с продажи: { $count } ({ $units } единица)
    [few] Снимаются с продажи: { $count } ({ $units } единицы)
   *[other] Снимаются с продажи: { $count } ({ $units } единиц)
}
changes-lower = { $units ->
    [one] Станет меньше: { $count } ({ $units } единица)
    [few] Станет меньше: { $count } ({ $units } единицы)
   *[other] Станет меньше: { $count } ({ $units } единиц)
}
changes-on-sale = { $units ->
    [one] Снова в продаже: { $count } ({ $units } единица)
    [few] Снова в продаже: { $count } ({ $units } единицы)
   *[other] Снова в продаже: { $count } ({ $units } единиц)
}
changes-raise = { $units ->
    [one] Станет больше: { $count } ({ $units } единица)
    [few] Станет больше: { $count } ({ $units } единицы)
   *[other] Станет больше: { $count } ({ $units } единиц)
}
changes-more = и ещё { $count }
changes-all = Все изменения: `wixsync run { $run }`
changes-total = Единиц в Wix: { $before } -> { $after } ({ $added }, { $taken })
report-errors-title = Ошибки:
report-stale-title = Пропущенные строки плана:
report-notes-title = Остатки, которые Wix не может показать точно:
report-skips-title = Пропущено: { $count }
report-guard-title = План остановлен защитой:
report-guard-next = посмотрите его: `wixsync run { $run }`; если он верен, `wixsync apply { $run }` запишет именно этот план
report-plan-next = `wixsync apply { $run }` запишет именно эти изменения
report-plan-applied = этот план применил запуск { $run }: `wixsync run { $run }`
report-plan-expired = этот план старше 24 часов, применить его уже нельзя; новый составит `wixsync plan`
report-more = { $count ->
    [one] и ещё { $count } (все: wixsync run { $run })
    [few] и ещё { $count } (все: wixsync run { $run })
   *[other] и ещё { $count } (все: wixsync run { $run })
}
report-waited = Из них { $seconds } с запросы ждали из-за ограничений Wix (настройки rate_limit и pace)
report-close = Запуск { $number } ({ $run }): запросов к Wix: { $requests }, { $seconds } с; база состояния: { $state }

demo-state = временная папка, уже удалена

emulator-file-shape = нужен один объект JSON с товарами, например: { "{" }"products":[{ "{" }"sku":"A-1","quantity":5{ "}" }]{ "}" }
emulator-faults-shape = нужен один объект JSON со сбоями, например: { "{" }"faults":[{ "{" }"kind":"dropAfterApply"{ "}" }]{ "}" }
json-broken = строка { $line }, столбец { $column }: это не JSON
json-unknown = строка { $line }, столбец { $column }: неизвестное имя { $name }; возможно: { $known }
json-missing = строка { $line }, столбец { $column }: не хватает { $name }
json-wrong = строка { $line }, столбец { $column }: { $detail }
emulator-runs = Эмулятор отвечает на { $url }. Остановить: Ctrl-C. Управление: { $control }, с тем же ключом. Настройки для wixsync:
