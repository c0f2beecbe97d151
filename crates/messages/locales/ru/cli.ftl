# Help of the command line.
cli-about = Приводит количество товаров в магазине Wix к остаткам вашей базы данных. В одну сторону: база → Wix.
cli-usage = Использование
cli-commands = Команды
cli-arguments = Аргументы
cli-options = Параметры
cli-help = Показать справку
cli-version = Показать версию
cli-config-file = Файл настроек (по умолчанию wixsync.toml здесь, затем в вашей папке настроек)
cli-lang = Язык
cli-json = Вывести в stdout один объект JSON
cli-shop = Магазин, если их настроено несколько
cli-sku = Только эти SKU
cli-dry-run = Только составить план, ничего не записывать
cli-demo = Показать один запуск с эмулятором магазина; аккаунт не нужен, ничего не остаётся
cli-sync = Привести магазин к остаткам склада
cli-plan = Показать, что изменил бы запуск; ничего не записывается
cli-plan-id = Номер плана или его начало; номер сообщает `plan` или запуск, остановленный защитой
cli-apply = Записать ровно изменения плана, если они ещё подходят
cli-products = Показать, что есть в Wix для этих SKU
cli-inventory-updates = Напечатать обновление инвентаря для каждого из этих SKU; количество вписать самому
cli-skus = SKU
cli-batch-size = Сколько SKU в одном запросе, от 1 до 100
cli-set = Установить количество в магазине вручную; следующая синхронизация вернёт остатки склада
cli-quantities = SKU и количество (0–99999); можно несколько
cli-runs = Показать последние запуски
cli-runs-outcome = Только закончившиеся так
cli-limit = Сколько запусков показать
cli-run = Показать один запуск, строка за строкой
cli-run-id = Номер запуска или его начало
cli-config = Показать и проверить настройки
cli-config-show = Показать каждую настройку, её значение и откуда оно
cli-completions = Напечатать скрипт, по которому оболочка дополняет команды
cli-completions-shell = Для какой оболочки
cli-emulator = Запустить магазин Wix на этой машине, для проб
cli-emulator-file = Магазин в виде файла JSON (по умолчанию учебный магазин из `demo`)
cli-emulator-listen = Адрес; порт 0 — любой свободный
cli-emulator-rate-limit = Отказывать в запросах сверх этого числа в минуту
cli-emulator-faults = Что ломается, в виде файла JSON: сбои, случай по зерну, переключатели, задержка, лимит запросов (см. страницу эмулятора)

label-error = ошибка
label-warning = внимание
label-hint = подсказка

show-setting = настройка
show-value = значение
show-origin = откуда
show-default = по умолчанию

lookup-missing = { $sku } не найден в магазине
lookup-ambiguous = { $sku } стоит на нескольких товарах или вариантах, поэтому не показан
set-skipped = { $sku } не тронут: { $reason }

runs-none = Запусков ещё не было
runs-started = начало
runs-id = запуск
runs-shop = магазин
runs-kind = вид
runs-outcome = исход
runs-changes = в магазине/в плане
runs-changes-short = факт/план
runs-errors = ошибки
run-earlier = Попытка { $attempt }, остановленная или прерванная: изменено в Wix: { $done }
run-open = Запуск { $run }: { $status }

line-sku = SKU
line-read = было
line-target = цель
line-delta = изменение
line-after = стало
line-state = состояние
line-detail = подробности

report-headline = Магазин { $shop }: { $outcome }
report-nothing-matched = сверять нечего: ни один SKU склада нельзя записать в этот магазин
report-nothing-known = этих SKU нет ни на складе, ни в магазине
report-hint-unknown = SKU сравниваются байт в байт: проверьте регистр, пробелы и нули в начале
report-products = Товаров с остатками: { $total }, из них в Wix: { $found }; распродано: { $sold_out }
report-matched = Сверено с Wix: { $matched }; уже верно: { $in_step }
report-no-sku = Товаров и вариантов магазина без SKU: { $count }
report-changes-planned = Изменений в плане: { $planned }
report-changes = Изменений в плане: { $planned }, в магазине: { $executed }, ошибок: { $errors }
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
report-stale-title = Строки плана, которые не отправлены:
report-notes-title = Остатки, которые Wix не может показать как есть:
report-skips-title = Не тронуто: { $count }
report-guard-title = Защита остановила этот план:
report-guard-next = посмотрите его: `wixsync run { $run }`; если он верен, `wixsync apply { $run }` пропустит ровно этот план
report-plan-next = `wixsync apply { $run }` запишет ровно эти изменения
report-more = { $count ->
    [one] и ещё { $count } (все: wixsync run { $run })
    [few] и ещё { $count } (все: wixsync run { $run })
   *[other] и ещё { $count } (все: wixsync run { $run })
}
report-close = Запуск { $run }: запросов к Wix: { $requests }, { $seconds } с; запись: { $state }

demo-state = временная папка, уже удалена

emulator-file-shape = нужен один объект JSON, товары в нём стоят так: { "{" }"products":[{ "{" }"sku":"A-1","quantity":5{ "}" }]{ "}" }
emulator-faults-shape = нужен один объект JSON, сбои в нём стоят так: { "{" }"faults":[{ "{" }"kind":"dropAfterApply"{ "}" }]{ "}" }
json-broken = строка { $line }, столбец { $column }: это не JSON
json-unknown = строка { $line }, столбец { $column }: { $name } здесь неизвестно; возможно: { $known }
json-missing = строка { $line }, столбец { $column }: не хватает { $name }
json-wrong = строка { $line }, столбец { $column }: { $detail }
emulator-runs = Эмулятор отвечает на { $url }, пока его не остановят (Ctrl-C). Управление: { $control }, с тем же ключом. Настройки для wixsync:
