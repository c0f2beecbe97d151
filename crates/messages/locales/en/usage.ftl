# Parts of the help and of messages about the command line.
cli-error = Explain an error code and what to do about it
cli-help-command = Show the help of a command
cli-help-of = The command, such as config show (default: list all commands)
cli-error-code = The code, such as WX3003 (default: list all codes)
cli-default = default: { $value }
cli-possible = possible: { $values }
cli-command-word = COMMAND
cli-options-word = OPTIONS
cli-value-address = ADDRESS
cli-value-c = C
cli-value-catalog = CATALOG
cli-value-starter = STARTER
cli-value-run = RUN
cli-value-plan-id = PLAN_ID
cli-value-word-n = WORD=N,…
cli-value-reserved-column = reserved=COLUMN
cli-value-code = CODE
cli-value-database = DATABASE
cli-value-field-column = FIELD=COLUMN
cli-value-file = FILE
cli-value-folder = FOLDER
cli-value-lang = LANG
cli-value-mark = MARK
cli-value-name = NAME
cli-value-outcome = OUTCOME
cli-value-scope = SCOPE
cli-value-shell = SHELL
cli-value-shop = SHOP
label-help = help
help-error-page = `wixsync error { $code }` explains more
help-usage = Usage: { $usage }
usage-suggestion = Did you mean { $suggestion }?
usage-number-range = expected a whole number from { $from } to { $to }
usage-address = expected an address with a port, such as 127.0.0.1:8099
usage-quantity = expected SKU=N, where N is a whole number from 0 to { $to }
usage-empty = the value is empty
usage-expected = possible: { $examples }
usage-mapping = expected FIELD=COLUMN or quantity[WAREHOUSE]=COLUMN; fields: { $fields }
