//! The names under which senders put labels, values, types and ids.

/// The words that people saw.
pub(super) const STRONG_LABELS: &[&str] = &[
    "label",
    "title",
    "question",
    "column_name",
    "fieldLabel",
    "field_label",
    "fieldName",
    "field_name",
    "question_text",
    "questionText",
    "prompt",
    "q",
    "caption",
    "display_name",
    "displayName",
    "field_title",
    "heading",
    "header",
    "questionTitle",
    "question_title",
    "fieldTitle",
    "Label",
    "Title",
    "Question",
];
/// A technical name, used where there are no better words.
pub(super) const WEAK_LABELS: &[&str] = &[
    "custom_key",
    "name",
    "key",
    "field",
    "column_id",
    "id",
    "ref",
    "slug",
    "attribute",
    "property",
    "Name",
    "Key",
    "Field",
];
/// What was answered.
pub(super) const VALUES: &[&str] = &[
    "value",
    "values",
    "answer",
    "answers",
    "string_value",
    "stringValue",
    "answer_value",
    "user_answer",
    "field_value",
    "fieldValue",
    "val",
    "response",
    "responses",
    "Value",
    "Answer",
    "Response",
    "raw_value",
    "responseText",
    "response_text",
    "answerText",
    "answer_text",
];
/// What was answered, if a label stands beside it.
pub(super) const LABELLED_VALUES: &[&str] = &["a", "text", "content", "input", "data", "reply"];
/// What the sender calls the type of the answer.
pub(super) const TYPES: &[&str] =
    &["type", "fieldType", "field_type", "inputType", "input_type", "questionType", "kind"];
/// What joins an answer with a label that stands apart.
pub(super) const IDS: &[&str] =
    &["id", "ID", "Id", "field_id", "fieldId", "questionId", "question_id", "key", "ref", "fieldName", "name"];
/// A map with one of these is a person, not a labelled answer.
pub(super) const PERSON_KEYS: &[&str] = &[
    "email",
    "phone",
    "tel",
    "mobile",
    "first_name",
    "last_name",
    "firstName",
    "lastName",
    "firstname",
    "lastname",
    "message",
    "Email",
    "Phone",
    "phone_number",
    "phoneNumber",
];
/// Describes the form, not the answers.
pub(super) const DESCRIPTIONS: &[&str] =
    &["definition", "schema", "versions", "validation", "form_definition", "options", "choices"];
/// Names of a table's head and of the row under it.
pub(super) const HEADS: &[&str] = &["headers", "header", "columns", "labels", "questions", "keys", "fields", "names"];
/// See [`HEADS`].
pub(super) const ROWS: &[&str] = &["values", "row", "answers", "cells"];
