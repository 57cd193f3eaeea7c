//! Identifiers of the catalogue and of what is booked: opaque strings that cannot be mistaken for one another.

/// Declares an identifier: a string newtype that reads and writes as a plain string.
macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps an identifier as it stands; whether it exists is for the catalogue or the store to say.
            #[must_use]
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }
    };
}

identifier!(
    /// An organisation (φορέας), such as `kep`.
    OrganisationId
);
identifier!(
    /// A service one can book (αντικείμενο), such as `kep.information-application`.
    ServiceId
);
identifier!(
    /// An office (κατάστημα, ΚΕΠ, ΔΟΥ, προξενείο), such as `kep-kypselis`.
    OfficeId
);
identifier!(
    /// A desk or an employee of an office (θυρίδα, υπάλληλος), unique over the whole catalogue.
    ResourceId
);
identifier!(
    /// A place kept for a few minutes while the citizen decides (προσωρινή δέσμευση).
    HoldId
);
