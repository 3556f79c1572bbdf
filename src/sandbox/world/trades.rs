//! What shops of each currency are called and sell, and how their goods vary.

/// What shops of one currency are like.
pub(super) struct Trade {
    pub(super) currency: &'static str,
    pub(super) decimals: u8,
    pub(super) country: &'static str,
    /// Name and title of each shop; from the second round on the name gets a number.
    pub(super) shops: &'static [(&'static str, &'static str)],
    /// Title and the start of the SKU.
    pub(super) goods: &'static [(&'static str, &'static str)],
    pub(super) downloads: &'static [&'static str],
    /// Minor units: lowest price, highest price, and the step between.
    pub(super) prices: (i64, i64, i64),
}

pub(super) const TRADES: &[Trade] = &[
    Trade {
        currency: "USD",
        decimals: 2,
        country: "US",
        shops: &[
            ("AlderAndOak", "Boards & blocks"),
            ("TinLanternCo", "Lanterns from the last tinsmith's shop"),
        ],
        goods: &[
            ("Serving board", "BRD"),
            ("Knife block", "KNF"),
            ("Dad's board \"XL\"", "DAD"),
            ("Engraved tag", "TAG"),
            ("Salt & pepper mill", "MIL"),
            ("Rolling pin, 18\"", "PIN"),
            ("Spice rack", "SPC"),
        ],
        downloads: &["Printable planner", "Cut file: leaf & acorn (SVG)"],
        prices: (600, 14_000, 25),
    },
    Trade {
        currency: "EUR",
        decimals: 2,
        country: "FR",
        shops: &[
            ("AtelierLumiere", "L'atelier des lumières"),
            ("HausKeramik", "Schönes für den Tisch"),
        ],
        goods: &[
            ("Tasse en grès", "TAS"),
            ("Lampe d'appoint en rotin", "LMP"),
            ("Keramikschüssel, groß", "KER"),
            ("Bougeoir « Étoile »", "BOU"),
            ("Nappe en lin lavé", "NAP"),
        ],
        downloads: &["Patron de couture (PDF)", "Affiche d'art à imprimer"],
        prices: (450, 18_000, 10),
    },
    Trade {
        currency: "JPY",
        decimals: 0,
        country: "JP",
        shops: &[("KomorebiYaki", "木漏れ日焼"), ("AiNoNuno", "藍の布")],
        goods: &[
            ("湯呑み 備前焼", "TEA"),
            ("手ぬぐい 藍染め", "TNG"),
            ("箸置き Chopstick rest", "HSO"),
            ("風呂敷 Furoshiki", "FRS"),
        ],
        downloads: &["折り紙の型紙 (PDF)"],
        prices: (500, 16_000, 10),
    },
];

/// Value id, name, and its part of an SKU.
pub(super) type Choice = (i64, &'static str, &'static str);

pub(super) const MATERIAL: (i64, &str, &[Choice]) = (
    200,
    "Primary color",
    &[
        (61_234_000_201, "Walnut", "WAL"),
        (61_234_000_202, "Oak", "OAK"),
        (61_234_000_203, "Bleu d'Anvers", "BLU"),
    ],
);
pub(super) const SIZE: (i64, &str, &[Choice]) = (
    513,
    "Size",
    &[
        (61_234_000_313, "Large", "L"),
        (61_234_000_314, "Small", "S"),
        (61_234_000_315, "12\" wide", "W"),
    ],
);

/// The properties that price, quantity and SKU vary on, as sellers combine them.
pub(super) const PATTERNS: &[(&[i64], &[i64], &[i64])] = &[
    (&[200], &[513], &[200, 513]),
    (&[], &[], &[]),
    (&[200, 513], &[200, 513], &[200, 513]),
    (&[513], &[200, 513], &[200]),
    (&[], &[200, 513], &[200, 513]),
];
