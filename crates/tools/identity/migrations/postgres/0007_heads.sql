-- How many agents who may sign in each administration has, by population. A change of an agent
-- only adds a row, so that no two sign-ins ever wait for each other; a job adds them up.
CREATE TABLE identity_head (
    organisation BYTEA NOT NULL,
    population TEXT COLLATE "C" NOT NULL,
    heads BIGINT NOT NULL,
    PRIMARY KEY (organisation, population)
);
CREATE TABLE identity_head_change (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation BYTEA NOT NULL,
    population TEXT COLLATE "C" NOT NULL,
    heads BIGINT NOT NULL
);
INSERT INTO identity_head (organisation, population, heads)
    SELECT organisation, COALESCE(population, 'agent'), COUNT(*) FROM identity_agent
    WHERE state IN ('pre-created', 'active') GROUP BY 1, 2;

CREATE FUNCTION identity_count_heads() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was BOOLEAN := FALSE;
    is_now BOOLEAN := FALSE;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        was := OLD.state IN ('pre-created', 'active');
    END IF;
    IF TG_OP <> 'DELETE' THEN
        is_now := NEW.state IN ('pre-created', 'active');
    END IF;
    IF TG_OP = 'UPDATE' AND was = is_now AND OLD.organisation = NEW.organisation
        AND COALESCE(OLD.population, 'agent') = COALESCE(NEW.population, 'agent') THEN
        RETURN NULL;
    END IF;
    IF was THEN
        INSERT INTO identity_head_change (organisation, population, heads)
        VALUES (OLD.organisation, COALESCE(OLD.population, 'agent'), -1);
    END IF;
    IF is_now THEN
        INSERT INTO identity_head_change (organisation, population, heads)
        VALUES (NEW.organisation, COALESCE(NEW.population, 'agent'), 1);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER identity_agent_heads
    AFTER INSERT OR DELETE OR UPDATE OF state, organisation, population ON identity_agent
    FOR EACH ROW EXECUTE FUNCTION identity_count_heads();
