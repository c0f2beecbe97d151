-- Figures of a shop, kept as they change: monitoring asks for them often, and the history is long.
CREATE TABLE shop_figures (
    shop         TEXT    NOT NULL PRIMARY KEY,
    last_end_at  INTEGER, -- when its last run ended, in the order of ends
    last_good_at INTEGER, -- when its last good run ended, in the order of ends
    last_converged_at INTEGER, -- when its last run ended of which nothing was left open
    slots_missed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

INSERT INTO shop_figures (shop) SELECT shop FROM run UNION SELECT shop FROM slot;
UPDATE shop_figures SET
    last_end_at = (SELECT finished_at FROM run WHERE run.shop = shop_figures.shop AND ended_no IS NOT NULL
                   ORDER BY ended_no DESC LIMIT 1),
    last_good_at = (SELECT finished_at FROM run
                    WHERE run.shop = shop_figures.shop AND ended_no IS NOT NULL AND filtered = 0
                      AND kind IN ('sync', 'apply') AND outcome IN ('converged', 'partial')
                    ORDER BY ended_no DESC LIMIT 1),
    last_converged_at = (SELECT finished_at FROM run
                    WHERE run.shop = shop_figures.shop AND ended_no IS NOT NULL AND filtered = 0
                      AND kind IN ('sync', 'apply') AND outcome = 'converged'
                    ORDER BY ended_no DESC LIMIT 1),
    slots_missed = (SELECT coalesce(sum(missed), 0) FROM slot WHERE slot.shop = shop_figures.shop);

CREATE TRIGGER slot_comes AFTER INSERT ON slot
BEGIN
    INSERT INTO shop_figures (shop, slots_missed) VALUES (NEW.shop, NEW.missed)
    ON CONFLICT (shop) DO UPDATE SET slots_missed = slots_missed + NEW.missed;
END;
CREATE TRIGGER slot_goes AFTER DELETE ON slot
BEGIN
    UPDATE shop_figures SET slots_missed = slots_missed - OLD.missed WHERE shop = OLD.shop;
END;
