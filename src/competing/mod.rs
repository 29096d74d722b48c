//! Competing risks: what becomes of a subject that one of several causes can end.
