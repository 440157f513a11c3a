//! Error codes: the numeric tail of `PRT000nnn` or `ENG00nnnn`, with the status that goes with it
//! (hubster.md §8).

/// An error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ErrorCode {
    /// The numeric tail: `code` in JSON.
    pub number: u32,
    /// The HTTP status.
    pub status: u16,
}

/// Declares error codes and the list of them.
macro_rules! codes {
    ($list:ident, $about:literal; $($name:ident = $number:literal, $status:literal, $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub const $name: ErrorCode = ErrorCode { number: $number, status: $status };
        )*
        #[doc = $about]
        pub const $list: &[ErrorCode] = &[$($name),*];
    };
}

codes! { COMMON, "The codes that portal and engine share.";
    SYSTEM = 100, 500, "System error.";
    FORBIDDEN = 101, 403, "Forbidden.";
    UNAUTHORIZED = 102, 401, "Unauthorized.";
    NOT_IMPLEMENTED = 103, 501, "Not implemented.";
    NOT_AVAILABLE = 104, 410, "Not available.";
    NOT_FOUND = 105, 404, "Not found.";
    ALREADY_EXISTS = 106, 409, "Already exists.";
    NOT_VALID = 107, 417, "Operation not valid.";
    TIMED_OUT = 108, 408, "Timed out.";
    QUERY_MISSING = 200, 400, "A required query parameter is missing.";
    BAD_GUID = 203, 400, "A malformed GUID in path or query.";
    BAD_DATE = 204, 400, "A malformed date.";
    VALUE_NOT_SUPPORTED = 206, 400, "A value that is not supported.";
    OUT_OF_RANGE = 207, 400, "A value outside the allowed range.";
    MUST_BE_POSITIVE = 208, 400, "A value that must be greater than 0.";
    MUST_NOT_BE_NEGATIVE = 209, 400, "A value that must be 0 or greater.";
    NOT_A_NUMBER = 210, 400, "Not a number.";
    TOO_MANY_REQUESTS = 429, 429, "Too many requests.";
    UNAVAILABLE = 503, 503, "Busy; try again shortly.";
}

codes! { PORTAL, "The codes of the portal alone.";
    BODY_MISSING = 300, 400, "The body is missing.";
    PROPERTY_MISSING = 301, 400, "A required property is missing.";
    PROPERTY_TYPE = 302, 400, "A property of the wrong type.";
    PROPERTY_NOT_SUPPORTED = 303, 400, "A property that is not supported.";
    DECIMAL_EXPECTED = 304, 400, "A decimal was expected.";
    GUID_EXPECTED = 305, 400, "A GUID was expected in the body.";
    COLLECTION_EMPTY = 306, 400, "A collection must not be empty.";
    MESSAGE_EMPTY = 307, 400, "The message is empty.";
    LOCATION_EMPTY = 308, 400, "A location needs address or coordinates.";
    NAME_EXISTS = 600, 400, "The name exists.";
    HUB_NOT_FOUND = 699, 404, "The hub was not found.";
    INTEGRATION_NAME_EXISTS = 700, 400, "The integration's name exists.";
    CHANNEL_BOUND = 701, 400, "The channel is bound to a hub already.";
    INTEGRATION_NOT_FOUND = 799, 404, "The integration was not found.";
}

codes! { ENGINE, "The codes of the engine alone.";
    CONVERSATION_BODY_MISSING = 3000, 400, "The body of a conversation request is missing.";
    CONVERSATION_PROPERTY_MISSING = 3001, 400, "A required property of a conversation request is missing.";
    CONVERSATION_BAD_GUID = 3002, 400, "A malformed GUID in a conversation request.";
    ACTIVITY_BODY_MISSING = 5000, 400, "The body of an activity is missing.";
    ACTIVITY_PROPERTY_MISSING = 5001, 400, "A required property of an activity is missing.";
    ACTIVITY_NOT_SUPPORTED = 5002, 400, "A property of an activity, or its value, is not supported.";
    ACTIVITY_EMPTY = 5003, 400, "An activity has neither a message nor an event.";
    ACTIVITY_BOTH = 5004, 400, "An activity has both a message and an event.";
    ACTIVITY_COLLECTION_EMPTY = 5015, 400, "A collection of an activity is empty.";
    ACTIVITY_BAD_GUID = 5020, 400, "A malformed GUID in an activity.";
    ACTIVITY_BAD_DECIMAL = 5021, 400, "A malformed decimal in an activity.";
    ACTIVITY_MESSAGE_EMPTY = 5023, 400, "The message of an activity is empty.";
    ACTIVITY_LOCATION_EMPTY = 5024, 400, "A location needs address or coordinates.";
    ENGINE_HUB_NOT_FOUND = 5500, 404, "The hub was not found.";
    NOBODY_ANSWERS = 5501, 400, "The hub has no Agent or Bot integration.";
    ENGINE_INTEGRATION_NOT_FOUND = 6000, 404, "The integration was not found.";
    CONVERSATION_NOT_FOUND = 6500, 404, "The conversation was not found.";
    CUSTOMER_GONE = 6501, 400, "The customer no longer responds.";
    INTEGRATION_TERMINATED = 6502, 400, "The integration is terminated.";
    CONVERSATION_PAUSED = 6503, 400, "The conversation is paused.";
    FILES_MISSING = 8500, 400, "No files were given.";
    FILE_REFUSED = 8502, 400, "A file did not reach the other side.";
    COMMAND_EMPTY = 9000, 400, "`::` stands without a command.";
    COMMAND_UNKNOWN = 9001, 400, "The command is unknown.";
    COMMAND_NAME_UNKNOWN = 9200, 400, "No command has this name.";
    COMMANDS_NONE = 9201, 400, "The hub has no commands.";
    COMMANDS_NONE_IN_CATEGORY = 9202, 400, "The category has no commands.";
    COMMAND_FAILED = 9299, 400, "The command failed.";
}
