//! How pages look, as data: a ministry's provider is recognised at a glance.

/// The colour's text is not `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a colour is written #rrggbb")]
pub struct LookError;

/// A colour of actions and mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent {
    red: u8,
    green: u8,
    blue: u8,
}

impl Accent {
    /// From `#rrggbb` (the sign is not needed).
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn parse(text: &str) -> Result<Self, LookError> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        let mut bytes = [0_u8; 3];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| LookError)?;
        let [red, green, blue] = bytes;
        Ok(Self { red, green, blue })
    }

    /// Six hexadecimal digits.
    pub fn digits(self) -> String {
        hex::encode([self.red, self.green, self.blue])
    }

    /// Relative luminance (WCAG 2.1), 0 to 1.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// Contrast with another colour (WCAG 2.1), 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// A step of a sixteenth towards another colour.
    fn towards(self, goal: Self) -> Self {
        let step = |from: u8, to: u8| {
            let moved = (u16::from(from) * 15 + u16::from(to)) / 16;
            let moved = u8::try_from(moved).unwrap_or(to);
            if moved == from { to } else { moved }
        };
        Self {
            red: step(self.red, goal.red),
            green: step(self.green, goal.green),
            blue: step(self.blue, goal.blue),
        }
    }

    /// The nearest colour that reads on `ground` with a contrast of 4.5, on the way to `goal`.
    fn readable_on(self, ground: Self, goal: Self) -> Self {
        let mut colour = self;
        for _ in 0..128 {
            if colour.contrast(ground) >= 4.6 {
                break;
            }
            colour = colour.towards(goal);
        }
        colour
    }

    /// The style sheet that gives pages this accent, readable in light and dark.
    pub(super) fn style_sheet(self) -> String {
        // The panel's tint is the darkest light ground, the alternative dark the lightest dark one.
        let light = self.readable_on(PALE, BLACK).digits();
        let dark = self.readable_on(NIGHT, WHITE).digits();
        let hue = self.digits();
        let dark_rule = format!(
            "--brand:#{dark};--brand-hover:color-mix(in srgb,#{dark} 80%,#fff);--on-brand:#161616;\
             --tint:color-mix(in srgb,#{hue} 14%,#161616);--tint-2:color-mix(in srgb,#{hue} 22%,#161616);\
             --tint-line:color-mix(in srgb,#{hue} 45%,#161616);--art:color-mix(in srgb,#{dark} 70%,#161616)"
        );
        format!(
            ":root{{--brand:#{light};--brand-hover:color-mix(in srgb,#{light} 80%,#000);--on-brand:#fff;\
             --tint:color-mix(in srgb,#{hue} 5%,#fff);--tint-2:color-mix(in srgb,#{hue} 11%,#fff);\
             --tint-line:color-mix(in srgb,#{hue} 25%,#fff);--art:color-mix(in srgb,#{hue} 65%,#fff)}}\n\
             :root[data-theme=dark]{{{dark_rule}}}\n\
             @media(prefers-color-scheme:dark){{:root[data-theme=system]{{{dark_rule}}}}}\n"
        )
    }
}

const BLACK: Accent = Accent {
    red: 0,
    green: 0,
    blue: 0,
};
const WHITE: Accent = Accent {
    red: 255,
    green: 255,
    blue: 255,
};
const PALE: Accent = Accent {
    red: 0xf0,
    green: 0xf0,
    blue: 0xf0,
};
const NIGHT: Accent = Accent {
    red: 0x24,
    green: 0x24,
    blue: 0x24,
};

/// What stands in the square before the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    /// Besace's bag.
    #[default]
    Bag,
    /// A letter: a ministry's initial.
    Letter(char),
}

/// How pages look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Name beside the mark.
    pub product: String,
    /// The mark.
    pub mark: Mark,
    /// Colour; none: the house's blue.
    pub accent: Option<Accent>,
    /// Whether the panel beside a page that brings none shows the drawing of the bag.
    pub art: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            product: "Besace".to_owned(),
            mark: Mark::Bag,
            accent: None,
            art: true,
        }
    }
}

impl Look {
    /// A ministry's: its name, its initial, its colour, no drawing.
    pub fn ministry(product: impl Into<String>, accent: Accent) -> Self {
        let product = product.into();
        let initial = product
            .split_whitespace()
            .next_back()
            .and_then(|word| word.rsplit(['’', '\'']).next())
            .and_then(|word| word.chars().next())
            .unwrap_or('M');
        Self {
            mark: Mark::Letter(initial.to_uppercase().next().unwrap_or(initial)),
            product,
            accent: Some(accent),
            art: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_colour_is_six_digits_and_nothing_else() {
        assert_eq!(Accent::parse("#8D533E").expect("colour").digits(), "8d533e");
        for text in ["", "#fff", "8d533e;}", "#8d533g", "red"] {
            assert_eq!(Accent::parse(text), Err(LookError), "{text}");
        }
    }

    #[test]
    fn a_ministry_is_known_by_its_initial() {
        let accent = Accent::parse("#00705a").expect("colour");
        for (name, letter) in [
            ("Ministère de l’Agriculture", 'A'),
            ("Ministère de la Justice", 'J'),
            ("", 'M'),
        ] {
            assert_eq!(
                Look::ministry(name, accent).mark,
                Mark::Letter(letter),
                "{name}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_accent_is_readable_in_light_and_dark(red: u8, green: u8, blue: u8) {
            let accent = Accent { red, green, blue };
            prop_assert!(accent.readable_on(PALE, BLACK).contrast(PALE) >= 4.5);
            prop_assert!(accent.readable_on(NIGHT, WHITE).contrast(NIGHT) >= 4.5);
            prop_assert!(accent.readable_on(PALE, BLACK).contrast(WHITE) >= 4.5);
        }
    }
}
