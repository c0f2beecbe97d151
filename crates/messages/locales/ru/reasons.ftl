# Why a SKU is skipped, and other reasons.
skip-sku-empty = в базе склада есть строки без артикула
skip-sku-too-long = длиннее 40 символов, которые хранит Wix
skip-no-product-row = есть строки остатков, но нет строки в таблице товаров
skip-duplicate-row = несколько строк там, где запрос должен вернуть одну
skip-quantity-unknown = количество на складе не указано (NULL)
skip-quantity-not-a-number = количество на складе — не число
skip-quantity-out-of-range = количество на складе слишком велико или в нём слишком много цифр
skip-not-in-wix = нет в магазине
skip-not-in-warehouse = нет на складе
skip-unknown-sku = нет ни на складе, ни в магазине
skip-duplicate-sku = есть у нескольких товаров или вариантов магазина
skip-held = на удержании
skip-untracked = в Wix не включён учёт его остатка
skip-tracked-by-status = Wix ведёт его только как «есть» или «нет», без количества
skip-no-inventory-item = у него нет складской карточки в Wix, поэтому Wix не хранит его количество
skip-level-unknown = Wix не показывает его количество
skip-sold-out-ignored = распродан, а по настройкам распроданные товары пропускаются (sold_out = "ignore")

note-clamped-to-ceiling = остаток { $stock } больше, чем может показать Wix; Wix покажет { $target }
note-negative-stock = остаток { $stock } меньше нуля и считается как 0
note-fraction-dropped = остаток { $stock } дробный; Wix покажет { $target }

line-rejected = Wix отклонил изменение: { $detail }
line-suspect = неясно, выполнено ли изменение; следующий запуск проверит снова ({ $detail })
line-unresolved = изменение не удалось подтвердить; следующий запуск проверит снова ({ $detail })

stale-reached = Wix уже показывает это количество
stale-target-changed = в плане было { $planned }, а на складе теперь { $now }
stale-level-moved = при составлении плана Wix показывал { $planned }, а теперь { $now }: изменение стало бы больше или пошло бы в другую сторону
stale-listing-changed = артикул теперь у другого товара или варианта магазина либо ни у какого
stale-left-alone-now = теперь пропущен: { $reason }

bare-rejected = Wix отклонил изменение
bare-suspect = неясно, выполнено ли изменение; следующий запуск проверит снова
bare-unresolved = изменение не удалось подтвердить; следующий запуск проверит снова

trip-warehouse-empty = база склада не вернула ни одного артикула или ни одной строки остатков
trip-warehouse-shrunk = артикулов на складе { $found }, а при последнем удачном запуске их было { $of }
trip-too-many-to-zero = { $of ->
    [one] обнулились бы { $found } из { $of } товара, который сейчас в наличии
    [few] обнулились бы { $found } из { $of } товаров, которые сейчас в наличии
   *[other] обнулились бы { $found } из { $of } товаров, которые сейчас в наличии
}
trip-too-many-units-taken = { $of ->
    [one] убыло бы { $found } из { $of } показанной единицы
    [few] убыло бы { $found } из { $of } показанных единиц
   *[other] убыло бы { $found } из { $of } показанных единиц
}
trip-too-many-units-added = { $found ->
    [one] прибавилась бы { $found } единица к показанным { $of }
    [few] прибавились бы { $found } единицы к показанным { $of }
   *[other] прибавилось бы { $found } единиц к показанным { $of }
}
trip-hint-warehouse-empty = Обычная причина — не та база данных или таблица, которая ещё заполняется.
trip-hint-warehouse-shrunk = Обычная причина — таблица, заполненная наполовину, или запрос, потерявший часть строк.
trip-hint-too-many-to-zero = Обычная причина — не тот склад или таблица, заполненная наполовину. Так бывает и при первом запуске, если прежняя система не снимала распроданное с продажи.
trip-hint-too-many-units-taken = Обычная причина — не тот склад или таблица, заполненная наполовину.
trip-hint-too-many-units-added = Обычная причина — остатки, посчитанные несколько раз или в других единицах.
