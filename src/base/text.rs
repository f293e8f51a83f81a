//! Hostile text is cleaned here, at the border, once.
