-- Always false here: PostgreSQL can keep a collection in a table of its own.
ALTER TABLE nb_vector_collection ADD COLUMN own_table boolean DEFAULT false NOT NULL;
