# Why a SKU is left alone.
skip-sku-empty = в базе склада есть строки без SKU
skip-sku-too-long = длиннее 40 символов, которые хранит Wix
skip-no-product-row = есть строки остатков, но нет в таблице товаров
skip-duplicate-row = несколько строк там, где запрос должен давать одну
skip-quantity-unknown = количество на складе не указано (NULL)
skip-quantity-not-a-number = количество на складе — не число
skip-quantity-out-of-range = количество на складе нельзя посчитать точно
skip-not-in-wix = нет в магазине
skip-not-in-warehouse = нет на складе
skip-unknown-sku = нет ни на складе, ни в магазине
skip-duplicate-sku = стоит на нескольких товарах или вариантах магазина
skip-held = на удержании
skip-untracked = Wix не ведёт учёт его количества
skip-level-unknown = Wix не показывает его количество
skip-sold-out-ignored = распродан, а распроданные товары не трогаются (sold_out = "ignore")

note-clamped-to-ceiling = остаток { $stock } больше, чем может показать Wix; показано { $target }
note-negative-stock = остаток { $stock } меньше нуля и считается как 0
note-fraction-dropped = остаток { $stock } дробный; показано { $target }

line-rejected = Wix отказал в изменении: { $detail }
line-suspect = неясно, выполнено ли изменение; следующий запуск проверит снова ({ $detail })
line-unresolved = изменение не удалось подтвердить; следующий запуск проверит снова ({ $detail })

stale-reached = Wix уже показывает это количество
stale-target-changed = в плане было { $planned }, а на складе теперь { $now }
stale-level-moved = когда составлялся план, Wix показывал { $planned }, а теперь { $now }: изменение стало бы больше или в другую сторону
stale-listing-changed = теперь стоит на другом товаре или варианте магазина либо ни на одном
stale-left-alone-now = теперь не трогается: { $reason }

bare-rejected = Wix отказал в изменении
bare-suspect = неясно, выполнено ли изменение; следующий запуск проверит снова
bare-unresolved = изменение не удалось подтвердить; следующий запуск проверит снова

trip-warehouse-empty = склад не дал ни одного SKU или ни одной строки остатков
trip-warehouse-shrunk = склад знает { $found } SKU, а при последнем удачном запуске их было { $of }
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
trip-hint-warehouse-empty = Обычно это не та база данных или таблица, которая как раз заполняется.
trip-hint-warehouse-shrunk = Обычно это наполовину заполненная таблица или запрос, потерявший часть строк.
trip-hint-too-many-to-zero = Обычно это не тот склад или наполовину заполненная таблица; или первый запуск после системы, которая не снимала распроданное с продажи.
trip-hint-too-many-units-taken = Обычно это не тот склад или наполовину заполненная таблица.
trip-hint-too-many-units-added = Обычно это остатки, посчитанные несколько раз или в других единицах.
