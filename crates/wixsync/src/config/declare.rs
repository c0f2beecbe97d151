//! The macro behind [`super::table`].

/// Declares settings: the struct that holds their values, how it is read, and the list of its settings. Each setting
/// is a field: `name: Type = Setting { … };`. The struct may also hold `besides`, other values, which `read` takes as
/// arguments, and `groups`, structs with more settings.
macro_rules! settings {
    (
        $(#[$about:meta])*
        $visible:vis struct $struct:ident {
            besides { $( $(#[$other_about:meta])* $other:ident: $other_type:ty; )* }
            groups { $( $group:ident: $group_type:ty; )* }
            $( $(#[$field_about:meta])* $field:ident: $type:ty = $setting:expr; )*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone)]
        $visible struct $struct {
            $( $(#[$other_about])* $visible $other: $other_type, )*
            $( $(#[$field_about])* $visible $field: Sourced<$type>, )*
            $( $visible $group: $group_type, )*
        }

        impl $struct {
            $( fn $field() -> Setting<$type> { $setting } )*

            /// Reads every setting; the first one that cannot be read fails.
            pub(super) fn read(input: &Input<'_>, $( $other: $other_type ),*) -> Result<Self, Failure> {
                Ok(Self {
                    $( $field: input.read(&Self::$field())?, )*
                    $( $group: <$group_type>::read(input)?, )*
                    $( $other, )*
                })
            }

            /// Every setting in this order.
            pub(super) fn declarations() -> Vec<Declaration> {
                let groups: [Vec<Declaration>; _] = [$( <$group_type>::declarations() ),*];
                [$( Self::$field().declaration() ),*].into_iter().chain(groups.into_iter().flatten()).collect()
            }

            /// Every setting with its value and its origin, in the same order.
            pub(super) fn rows(&self) -> Vec<Row> {
                let groups: [Vec<Row>; _] = [$( self.$group.rows() ),*];
                [$( Self::$field().row(&self.$field) ),*].into_iter().chain(groups.into_iter().flatten()).collect()
            }
        }
    };
}

pub(super) use settings;
