-- A key belongs to the token that used it, by its digest; before, by its name, which a later token may have.
UPDATE request_key SET key = (
    SELECT hash || substr(request_key.key, length(name) + 1) FROM token
    WHERE substr(request_key.key, 1, length(name) + 1) = name || char(10) AND created_at <= request_key.used_at
    ORDER BY length(name) DESC LIMIT 1)
WHERE EXISTS (
    SELECT 1 FROM token
    WHERE substr(request_key.key, 1, length(name) + 1) = name || char(10) AND created_at <= request_key.used_at);
-- The others are of tokens that were revoked: nobody can use them any more.
DELETE FROM request_key WHERE NOT EXISTS (
    SELECT 1 FROM token WHERE substr(request_key.key, 1, length(hash) + 1) = hash || char(10));
