//! Buyers and their addresses, invented, in the scripts and habits of many countries.

use super::dice::Dice;
use super::nouns::Address;

/// A country, with what its people and places are called.
struct Region {
    country: &'static str,
    /// How often its people buy, relative to the others.
    weight: usize,
    family_first: bool,
    given: &'static [&'static str],
    family: &'static [&'static str],
    /// Town, state or province, post code with `#` for digits.
    places: &'static [(&'static str, Option<&'static str>, &'static str)],
    streets: &'static [&'static str],
}

/// Someone who buys, under an id that Etsy keeps.
#[derive(Clone)]
pub(super) struct Buyer {
    pub(super) user_id: i64,
    pub(super) name: String,
    pub(super) addresses: Vec<Address>,
    region: usize,
}

impl Buyer {
    pub(super) fn new(user_id: i64, dice: &mut Dice) -> Self {
        let (region, found) = draw_region(dice);
        let name = found.map_or_else(|| "Anonymous".to_owned(), |region| full_name(region, dice));
        let mut buyer = Self { user_id, name, addresses: Vec::new(), region };
        buyer.moves(dice);
        buyer
    }

    /// Adds an address in the same country, which is the one used from now on.
    pub(super) fn moves(&mut self, dice: &mut Dice) {
        if let Some(region) = REGIONS.get(self.region) {
            self.addresses.push(address(region, dice));
        }
    }
}

fn draw_region(dice: &mut Dice) -> (usize, Option<&'static Region>) {
    let total = REGIONS.iter().map(|region| region.weight).sum();
    let mut left = dice.below(total);
    for (index, region) in REGIONS.iter().enumerate() {
        if left < region.weight {
            return (index, Some(region));
        }
        left -= region.weight;
    }
    (0, REGIONS.first())
}

fn full_name(region: &Region, dice: &mut Dice) -> String {
    let (given, family) = (dice.word(region.given), dice.word(region.family));
    if region.family_first { format!("{family} {given}") } else { format!("{given} {family}") }
}

fn address(region: &Region, dice: &mut Dice) -> Address {
    let (city, state, zip) = dice.pick(region.places).copied().unwrap_or(("", None, ""));
    let street = dice.word(region.streets);
    let second_line = dice.percent(15).then(|| dice.digits("Apt #"));
    Address {
        first_line: dice.digits(street),
        second_line,
        city: city.to_owned(),
        state: state.map(str::to_owned),
        zip: dice.digits(zip),
        country_iso: region.country.to_owned(),
    }
}

const REGIONS: &[Region] = &[
    Region {
        country: "US",
        weight: 38,
        family_first: false,
        given: &[
            "Dana", "Marcus", "Abigail", "Jesús", "Tanisha", "Wei", "Hannah", "DeShawn", "Erin",
            "Luis",
        ],
        family: &[
            "Whitlock", "Reyes", "O'Neil", "Kowalski", "Nguyen", "Freeman", "St. John", "Park",
            "Muñoz", "Lee",
        ],
        places: &[
            ("Portland", Some("OR"), "972##"),
            ("Austin", Some("TX"), "787##"),
            ("Brooklyn", Some("NY"), "112##"),
            ("Saint Paul", Some("MN"), "551##"),
            ("San José", Some("CA"), "951##"),
            ("Coeur d'Alene", Some("ID"), "838##"),
            ("Honolulu", Some("HI"), "968##"),
            ("San Juan", Some("PR"), "009##"),
        ],
        streets: &[
            "### Alder Lane",
            "#### Main St & 4th",
            "## O'Brien Ct",
            "#### NE 82nd Ave",
            "P.O. Box ###",
        ],
    },
    Region {
        country: "CA",
        weight: 7,
        family_first: false,
        given: &["Émilie", "Liam", "Noémie", "Arjun", "Sophie"],
        family: &["Tremblay", "MacDonald", "Gagné", "Singh", "Côté"],
        places: &[
            ("Montréal", Some("QC"), "H2X #Y#"),
            ("Toronto", Some("ON"), "M5V #T#"),
            ("Vancouver", Some("BC"), "V6B #A#"),
            ("St. John's", Some("NL"), "A1C #B#"),
        ],
        streets: &["### rue Saint-Denis", "## King St W", "#### Granville Street"],
    },
    Region {
        country: "AU",
        weight: 5,
        family_first: false,
        given: &["Lachlan", "Charlotte", "Jarrah", "Mia"],
        family: &["O'Sullivan", "Nguyen", "Campbell", "Papadopoulos"],
        places: &[
            ("Melbourne", Some("VIC"), "30##"),
            ("Fremantle", Some("WA"), "6160"),
            ("Sydney", Some("NSW"), "20##"),
            ("Hobart", Some("TAS"), "70##"),
        ],
        streets: &["Unit #/## Smith St", "## Bourke Street", "### King William Rd"],
    },
    Region {
        country: "GB",
        weight: 9,
        family_first: false,
        given: &["Imogen", "Rhys", "Aoife", "Mohammed", "Poppy"],
        family: &["Ashworth", "Llewellyn", "Khan", "MacLeod", "D'Souza"],
        places: &[
            ("London", None, "N# #QX"),
            ("Llanfairpwllgwyngyll", None, "LL61 #UJ"),
            ("Glasgow", None, "G1# #AA"),
            ("King's Lynn", None, "PE30 #EX"),
        ],
        streets: &["Flat #, ## Camden Rd", "Rose Cottage, ## The Green", "## St Andrew's Street"],
    },
    Region {
        country: "IE",
        weight: 2,
        family_first: false,
        given: &["Siobhán", "Pádraig", "Niamh"],
        family: &["Ní Bhriain", "O'Connor", "Walsh"],
        places: &[("Dublin 1", None, "D01 F5P#"), ("Galway", None, "H91 X4#K")],
        streets: &["13 O'Connell Street", "## Eyre Square"],
    },
    Region {
        country: "DE",
        weight: 8,
        family_first: false,
        given: &["Lena", "Jürgen", "Käthe", "Mehmet", "Anneliese"],
        family: &["Vogt", "Groß", "Müller-Lüdenscheidt", "Yılmaz", "Schäfer"],
        places: &[("Erfurt", None, "9908#"), ("Köln", None, "506##"), ("München", None, "803##")],
        streets: &["Am Markt #", "Königstraße ##", "Große Bleichen ##a"],
    },
    Region {
        country: "FR",
        weight: 7,
        family_first: false,
        given: &["Zoé", "François", "Maëlys", "Théo"],
        family: &["Lefèvre", "d'Estaing", "Œuvrard", "Benoît"],
        places: &[
            ("Paris", None, "7501#"),
            ("L'Haÿ-les-Roses", None, "94240"),
            ("Orléans", None, "450##"),
        ],
        streets: &["## rue de l'Église", "# bis, boulevard Voltaire", "### avenue Foch"],
    },
    Region {
        country: "IT",
        weight: 4,
        family_first: false,
        given: &["Chiara", "Niccolò", "Giulia"],
        family: &["D'Angelo", "Ricci", "Dall'Aglio"],
        places: &[
            ("Milano", Some("MI"), "201##"),
            ("L'Aquila", Some("AQ"), "67100"),
            ("Forlì", Some("FC"), "4712#"),
        ],
        streets: &["Via Garibaldi ##", "Corso Vittorio Emanuele II, ###"],
    },
    Region {
        country: "ES",
        weight: 3,
        family_first: false,
        given: &["Íñigo", "Begoña", "Nuria"],
        family: &["Muñoz Pérez", "Ibáñez", "Peña"],
        places: &[("A Coruña", Some("C"), "150##"), ("Madrid", Some("M"), "280##")],
        streets: &["C/ de la Constitución, ##, #ºB", "Rúa Nova ##"],
    },
    Region {
        country: "JP",
        weight: 6,
        family_first: true,
        given: &["花子", "太郎", "さくら", "大輔"],
        family: &["佐藤", "髙橋", "渡邊", "小林"],
        places: &[
            ("千代田区", Some("東京都"), "100-000#"),
            ("京都市左京区", Some("京都府"), "606-83##"),
            ("札幌市", Some("北海道"), "060-00##"),
        ],
        streets: &["千代田#-#", "北白川##番地 コーポ桜 #0#号室", "大通西#丁目"],
    },
    Region {
        country: "KR",
        weight: 2,
        family_first: true,
        given: &["서연", "민준", "지우"],
        family: &["김", "이", "박"],
        places: &[("서울특별시 강남구", None, "060##"), ("부산광역시", None, "480##")],
        streets: &["테헤란로 ###", "해운대로 ##번길 #"],
    },
    Region {
        country: "GR",
        weight: 2,
        family_first: false,
        given: &["Ελένη", "Γιώργος", "Σοφία"],
        family: &["Παπαδοπούλου", "Νικολάου", "Αγγελίδη"],
        places: &[("Αθήνα", None, "105 ##"), ("Θεσσαλονίκη", None, "546 ##")],
        streets: &["Ερμού ##", "Λεωφόρος Νίκης ##"],
    },
    Region {
        country: "UA",
        weight: 2,
        family_first: false,
        given: &["Олена", "Андрій", "Мар'яна"],
        family: &["Шевченко", "Ковальчук", "Бойко"],
        places: &[("Київ", None, "010##"), ("Львів", None, "790##")],
        streets: &["вул. Хрещатик, ##, кв. #", "пл. Ринок, #"],
    },
    Region {
        country: "AE",
        weight: 2,
        family_first: false,
        given: &["فاطمة", "محمد", "نورة"],
        family: &["المنصوري", "الهاشمي", "السويدي"],
        places: &[("دبي", None, ""), ("أبو ظبي", None, "")],
        streets: &["شارع الشيخ زايد ##", "P.O. Box ####"],
    },
    Region {
        country: "IL",
        weight: 1,
        family_first: false,
        given: &["נועה", "אורי"],
        family: &["כהן", "לוי"],
        places: &[("תל אביב-יפו", None, "67#####")],
        streets: &["שדרות רוטשילד ##"],
    },
    Region {
        country: "PL",
        weight: 2,
        family_first: false,
        given: &["Małgorzata", "Łukasz"],
        family: &["Wiśniewska", "Dąbrowski"],
        places: &[("Łódź", None, "90-0##"), ("Kraków", None, "31-0##")],
        streets: &["ul. Świętej Anny ##/#"],
    },
    Region {
        country: "NO",
        weight: 1,
        family_first: false,
        given: &["Åse", "Bjørn"],
        family: &["Ødegård", "Sæther"],
        places: &[("Tromsø", None, "90##")],
        streets: &["Storgata ##"],
    },
    Region {
        country: "BR",
        weight: 1,
        family_first: false,
        given: &["João", "Conceição"],
        family: &["da Silva", "Gonçalves"],
        places: &[("São Paulo", Some("SP"), "01310-###")],
        streets: &["Av. Paulista, ####"],
    },
];
