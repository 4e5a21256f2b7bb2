-- Vectors of a collection with a table of its own are in nb_pgvector_<id>, which is made with the
-- collection: this schema does not need the extension.
ALTER TABLE nb_vector_collection ADD COLUMN own_table boolean NOT NULL DEFAULT false;
