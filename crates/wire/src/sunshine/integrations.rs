//! What each type of integration holds (sunshine-v2.md §10.1): a table instead of sixteen structs.

mod table;

pub use table::INTEGRATION_KINDS;

/// What stands in place of a secret that some clients cannot read an integration without.
pub const SECRET_MASK: &str = "********";

/// A type of integration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IntegrationKind {
    /// Its name, the value of `type`.
    pub name: &'static str,
    /// The fields that only it has; `id`, `type`, `status` and `displayName` are not among them.
    pub own: &'static [IntegrationField],
    /// The fields that it shares with other types.
    pub shared: &'static [IntegrationField],
}

impl IntegrationKind {
    /// All its fields.
    pub fn fields(&self) -> impl Iterator<Item = &'static IntegrationField> + use<> {
        self.own.iter().chain(self.shared)
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&'static IntegrationField> {
        self.fields().find(|field| field.name == name)
    }
}

/// A field of a type of integration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IntegrationField {
    /// Its name in JSON.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether creation needs it.
    pub required_on_create: bool,
    /// Whether it is only read from requests and never shown under this name.
    pub write_only: bool,
    /// Whether it is only shown; in a request it is ignored.
    pub read_only: bool,
    /// Whether it is stored encrypted and never shown, whatever `write_only` says.
    pub secret: bool,
    /// Whether a reply carries [`SECRET_MASK`] in its place (sunshine-v2.md §13, row 8).
    pub masked: bool,
    /// Whether UpdateIntegration may change it.
    pub updatable: bool,
    /// Whether null is a value: it clears the field.
    pub nullable: bool,
    /// What is shown when it was never set, as JSON.
    pub default: Option<&'static str>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldKind {
    /// A text; lengths in characters.
    String {
        /// Least length.
        min: usize,
        /// Greatest length; None for no limit of its own.
        max: Option<usize>,
    },
    /// true or false.
    Bool,
    /// A number.
    Number,
    /// A list of texts.
    StringList,
    /// An object.
    Object,
    /// One of these texts.
    Enum(&'static [&'static str]),
    /// A list of exactly one webhook ([`WebhookCreateBody`](super::types::WebhookCreateBody)).
    Webhooks,
}

/// The type of integration with this name.
pub fn integration_type(name: &str) -> Option<&'static IntegrationKind> {
    INTEGRATION_KINDS.iter().find(|kind| kind.name == name)
}

impl IntegrationField {
    /// An optional field that can be given at creation and not changed later.
    const fn new(name: &'static str, kind: FieldKind) -> IntegrationField {
        IntegrationField {
            name,
            kind,
            required_on_create: false,
            write_only: false,
            read_only: false,
            secret: false,
            masked: false,
            updatable: false,
            nullable: false,
            default: None,
        }
    }

    const fn min(mut self, min: usize) -> IntegrationField {
        if let FieldKind::String { max, .. } = self.kind {
            self.kind = FieldKind::String { min, max };
        }
        self
    }

    const fn required(mut self) -> IntegrationField {
        self.required_on_create = true;
        self
    }

    const fn write_only(mut self) -> IntegrationField {
        self.write_only = true;
        self
    }

    const fn read_only(mut self) -> IntegrationField {
        self.read_only = true;
        self
    }

    const fn secret(mut self) -> IntegrationField {
        self.secret = true;
        self
    }

    const fn masked(mut self) -> IntegrationField {
        self.masked = true;
        self
    }

    const fn updatable(mut self) -> IntegrationField {
        self.updatable = true;
        self
    }

    const fn nullable(mut self) -> IntegrationField {
        self.nullable = true;
        self
    }

    const fn default_json(mut self, json: &'static str) -> IntegrationField {
        self.default = Some(json);
        self
    }
}

const fn text(name: &'static str) -> IntegrationField {
    IntegrationField::new(name, FieldKind::String { min: 0, max: None })
}

const fn flag(name: &'static str) -> IntegrationField {
    IntegrationField::new(name, FieldKind::Bool)
}

const fn number(name: &'static str) -> IntegrationField {
    IntegrationField::new(name, FieldKind::Number)
}

const fn list(name: &'static str) -> IntegrationField {
    IntegrationField::new(name, FieldKind::StringList)
}

const fn object(name: &'static str) -> IntegrationField {
    IntegrationField::new(name, FieldKind::Object)
}

const fn choice(name: &'static str, values: &'static [&'static str]) -> IntegrationField {
    IntegrationField::new(name, FieldKind::Enum(values))
}

const fn webhooks(name: &'static str) -> IntegrationField {
    IntegrationField::new(name, FieldKind::Webhooks)
}
