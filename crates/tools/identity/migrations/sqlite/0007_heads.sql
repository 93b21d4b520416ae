-- How many agents who may sign in each administration has, by population. A change of an agent
-- only adds a row, so that no two sign-ins ever wait for each other; a job adds them up.
CREATE TABLE identity_head (
    organisation BLOB NOT NULL,
    population TEXT NOT NULL,
    heads BIGINT NOT NULL,
    PRIMARY KEY (organisation, population)
) WITHOUT ROWID;
CREATE TABLE identity_head_change (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    organisation BLOB NOT NULL,
    population TEXT NOT NULL,
    heads BIGINT NOT NULL
);
INSERT INTO identity_head (organisation, population, heads)
    SELECT organisation, COALESCE(population, 'agent'), COUNT(*) FROM identity_agent
    WHERE state IN ('pre-created', 'active') GROUP BY 1, 2;

CREATE TRIGGER identity_agent_comes AFTER INSERT ON identity_agent
WHEN NEW.state IN ('pre-created', 'active')
BEGIN
    INSERT INTO identity_head_change (organisation, population, heads)
    VALUES (NEW.organisation, COALESCE(NEW.population, 'agent'), 1);
END;
CREATE TRIGGER identity_agent_goes AFTER DELETE ON identity_agent
WHEN OLD.state IN ('pre-created', 'active')
BEGIN
    INSERT INTO identity_head_change (organisation, population, heads)
    VALUES (OLD.organisation, COALESCE(OLD.population, 'agent'), -1);
END;
CREATE TRIGGER identity_agent_moves AFTER UPDATE OF state, organisation, population
ON identity_agent
WHEN (OLD.state IN ('pre-created', 'active')) <> (NEW.state IN ('pre-created', 'active'))
    OR OLD.organisation <> NEW.organisation
    OR COALESCE(OLD.population, 'agent') <> COALESCE(NEW.population, 'agent')
BEGIN
    INSERT INTO identity_head_change (organisation, population, heads)
    SELECT OLD.organisation, COALESCE(OLD.population, 'agent'), -1
    WHERE OLD.state IN ('pre-created', 'active');
    INSERT INTO identity_head_change (organisation, population, heads)
    SELECT NEW.organisation, COALESCE(NEW.population, 'agent'), 1
    WHERE NEW.state IN ('pre-created', 'active');
END;
