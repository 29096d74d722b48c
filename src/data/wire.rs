//! The serialised forms of the data types. Reading runs the constructors' checks.
