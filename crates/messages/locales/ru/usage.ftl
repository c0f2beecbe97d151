# Части справки и сообщений о командной строке.
cli-error = Объяснить код ошибки и что с ней делать
cli-help-command = Показать справку по команде
cli-help-of = Команда, например config show (по умолчанию список всех команд)
cli-error-code = Код, например WX3003 (по умолчанию список всех кодов)
cli-default = по умолчанию: { $value }
cli-possible = возможно: { $values }
cli-command-word = КОМАНДА
cli-options-word = ПАРАМЕТРЫ
cli-value-address = АДРЕС
cli-value-c = ЗНАК
cli-value-catalog = КАТАЛОГ
cli-value-starter = КЕМ
cli-value-run = ЗАПУСК
cli-value-plan-id = ПЛАН
cli-value-word-n = СЛОВО=N,…
cli-value-reserved-column = reserved=СТОЛБЕЦ
cli-value-code = КОД
cli-value-database = БАЗА
cli-value-field-column = ПОЛЕ=СТОЛБЕЦ
cli-value-file = ФАЙЛ
cli-value-folder = КАТАЛОГ
cli-value-lang = ЯЗЫК
cli-value-mark = ЗНАК
cli-value-name = ИМЯ
cli-value-outcome = ИСХОД
cli-value-scope = ПРАВА
cli-value-shell = ОБОЛОЧКА
cli-value-shop = МАГАЗИН
label-help = подробнее
help-error-page = `wixsync error { $code }`
help-usage = Использование: { $usage }
usage-suggestion = Возможно, имелось в виду { $suggestion }?
usage-number-range = нужно целое число от { $from } до { $to }
usage-address = нужен адрес с портом, например 127.0.0.1:8099
usage-quantity = нужно SKU=N, где N — целое число от 0 до { $to }
usage-empty = пустое значение
usage-expected = возможно: { $examples }
usage-mapping = нужно ПОЛЕ=СТОЛБЕЦ или quantity[СКЛАД]=СТОЛБЕЦ; поля: { $fields }
