"""Invented people of Riverside Academy: the lists from which make.py writes the sample data.

Nobody here is real. Surnames and forenames are common ones, put together at random.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Group(NamedTuple):
    """Names that go together, with the school's codes for ethnicity and first language."""

    weight: int
    ethnicity: str
    language: str
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    surnames: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    """Split a list of names; an underscore stands for a space within a name."""
    return tuple(word.replace("_", " ") for word in text.split())


_BRITISH_GIRLS = _words(
    "Olivia Amelia Isla Poppy Evie Freya Grace Florence Elsie Daisy Ruby Matilda Phoebe Rosie Millie Imogen Chloë "
    "Abigail Harriet Jessica Katie Lucy Martha Niamh Paige Rebecca Scarlett Tilly Alexandra Elizabeth Erin Megan "
    "Georgia Holly Heidi Summer Lottie Beatrice Anya Brooke Mary-Jane"
)
_BRITISH_BOYS = _words(
    "Oliver George Arthur Noah Jack Leo Oscar Archie Henry Theodore Freddie Alfie Charlie Thomas James William Joshua "
    "Daniel Samuel Benjamin Joseph Edward Alexander Harrison Toby Reuben Finley Rory Dylan Ethan Lewis Connor Tyler "
    "Jayden Kai Ellis Owen Rhys Nathaniel Christopher Jean-Luc"
)
_BRITISH_SURNAMES = _words(
    "Ashworth Atkins Bailey Barker Bennett Birch Bowen Brooks Butler Cartwright Chapman Clayton Coates Cooper Dawson "
    "Dixon Doyle Eastwood Ellison Farrow Fenwick Fletcher Foster Garner Gibbs Greenwood Griffiths Hallam Hartley "
    "Hayward Holt Howells Hudson Ingham Jarvis Jeffries Kirkby Knowles Lambert Langley Lister MacLeod McKenna Mellor "
    "Naylor Newbold Norris Oakley Ogden Parkin Pearce Pickering Pritchard Quigley Radley Ramsden Rowbotham Sanderson "
    "Shaw Shepherd Slater Stanley Sutcliffe Swift Thorpe Tomlinson Turnbull Underwood Vickers Wainwright Walsh Webb "
    "Whitaker Wilkes Woodhouse Yates Abbott-Ray Finch-Daley St_John-Hale"
)

GROUPS = (
    Group(52, "WBRI", "ENG", _BRITISH_GIRLS, _BRITISH_BOYS, _BRITISH_SURNAMES),
    Group(
        2,
        "WIRI",
        "ENG",
        _words("Aoibheann Ciara Róisín Sinéad"),
        _words("Cillian Oisín Pádraig Seán"),
        _words("Byrne Gallagher O'Connor O'Neill Ó_Súilleabháin"),
    ),
    Group(
        8,
        "WOTH",
        "POL",
        _words("Zofia Maja Hanna Oliwia Małgorzata Ania"),
        _words("Kacper Jakub Szymon Wojciech Stanisław Michał"),
        _words("Nowak Mazur Kaczmarek Dąbek Gołąb Sikora Żuk Świątek Pająk"),
    ),
    Group(
        3,
        "WOTH",
        "RUM",
        _words("Ioana Andreea Ștefania Bianca"),
        _words("Andrei Mihai Ștefan Luca"),
        _words("Popescu Munteanu Rusu Țurcan Constantinescu"),
    ),
    Group(
        3,
        "WOTH",
        "TUR",
        _words("Elif Zeynep Ayşe Defne"),
        _words("Emir Yiğit Çağan Ömer"),
        _words("Y\u0131lmaz Demir Öztürk Ayd\u0131n Koç"),
    ),
    Group(
        9,
        "APKN",
        "URD",
        _words("Aisha Zainab Maryam Hafsa Iqra Amna"),
        _words("Hamza Ibrahim Yusuf Adam Haris Musa"),
        _words("Ahmed Mahmood Malik Raja Iqbal Akhtar Shah Qureshi Mirza Chaudhry"),
    ),
    Group(
        4,
        "ABAN",
        "BEN",
        _words("Nusrat Tahmina Sumaiya Fatima"),
        _words("Tanvir Rafi Sakib Mahir"),
        _words("Begum Rahman Uddin Choudhury Miah Khatun"),
    ),
    Group(
        6,
        "AIND",
        "PAN",
        _words("Simran Jasleen Anjali Diya Kiran Meera"),
        _words("Arjun Gurpreet Harjot Rohan Deven"),
        _words("Kaur Gill Patel Sharma Dhillon Nair Sandhu Mistry"),
    ),
    Group(
        8,
        "BAFR",
        "YOR",
        _words("Adaeze Temitope Abena Chidinma Ngozi Ifeoluwa"),
        _words("Tobenna Ayomide Kwabena Chukwuemeka Oluwadamilola Segun"),
        _words("Adeyemi Mensah Eze Balogun Nwosu Boateng Afolabi Okonkwo Asante"),
    ),
    Group(
        3,
        "BAFR",
        "SOM",
        _words("Hodan Ifrah Sagal Ayaan"),
        _words("Abdirahman Liban Mahad Zakariya"),
        _words("Warsame Abdi Farah Hassan-Ali Jama"),
    ),
    Group(
        3,
        "BCRB",
        "ENG",
        _words("Shanice Tiana Kezia Amari"),
        _words("Jerome Malachi Tyrell Kymani"),
        _words("Campbell Francis Grant Palmer Bogle"),
    ),
    Group(
        4,
        "MWBC",
        "ENG",
        _words("Mia Jasmine Leah Naomi"),
        _words("Isaac Marcus Jordan Elijah"),
        _words("Blake Cole Morgan Reynolds Sinclair"),
    ),
    Group(
        2,
        "OOTH",
        "POR",
        _words("Beatriz Inês Conceição"),
        _words("João Tomás Gonçalo"),
        _words("Gonçalves Simões dos_Santos Araújo"),
    ),
    Group(
        2, "CHNE", "CHI", _words("Mei-Lin Xinyi Hoi-Yan"), _words("Jun-Wei Ka-Ho Zihan"), _words("Cheung Lau Zhao Ng")
    ),
    Group(2, "OOTH", "ARA", _words("Layla Noor Rania"), _words("Karim Tariq Ziad"), _words("al-Jabri Haddad el-Amin")),
)

NICKNAMES = {
    "Abigail": "Abi", "Harriet": "Hattie", "Jessica": "Jess", "Rebecca": "Becky", "Alexandra": "Lexi",
    "Elizabeth": "Libby", "Thomas": "Tom", "William": "Will", "Joshua": "Josh", "Daniel": "Danny", "Samuel": "Sam",
    "Benjamin": "Ben", "Joseph": "Joe", "Edward": "Teddy", "Alexander": "Alex", "Christopher": "Kit",
    "Nathaniel": "Nate", "Theodore": "Theo", "Chukwuemeka": "Emeka", "Oluwadamilola": "Dami", "Ifeoluwa": "Ife",
    "Wojciech": "Wojtek", "Małgorzata": "Gosia", "Temitope": "Temi", "Abdirahman": "Abdi",
}  # fmt: skip


class Named(NamedTuple):
    """A student whom the demo or a test needs by name; anything not given is made up."""

    form: str
    surname: str
    forename: str
    sex: str
    ethnicity: str
    language: str
    more: Mapping[str, str] = MappingProxyType({})


NAMED = (
    # The students on the board of the demo.
    Named("8A", "Khan", "Bilal", "M", "APKN", "URD"),
    Named("10F", "Reid", "Callum", "M", "WBRI", "ENG",
          {"medical": "Asthma: inhaler in office", "key_worker": "KB", "sen": "K"}),
    Named("9D", "Novak", "Petra", "F", "WOTH", "CZE"),
    Named("9B", "Okafor", "Amara", "F", "BAFR", "IBO"),
    Named("8C", "Marsh", "Ellie", "F", "WBRI", "ENG", {"legal_forename": "Eleanor"}),
    Named("11A", "Hussain", "Zayd", "M", "APKN", "URD"),
    Named("7E", "Ward", "Lily", "F", "WBRI", "ENG"),
    Named("9B", "Osei", "Kofi", "M", "BAFR", "AKA"),
    # Names that software gets wrong.
    Named("7B", "O'Brien", "Saoirse", "F", "WIRI", "ENG", {"former_upn": "826200119014"}),
    Named("9A", "D\u2019Souza", "Rohan", "M", "AIND", "KON"),
    Named("7C", "Wójcik", "Łukasz", "M", "WOTH", "POL", {"upn": "K82343211900A"}),
    Named("8F", "Baker-Lloyd", "Zoë", "F", "WBRI", "ENG", {"former_upn": "826200118203"}),
    Named("10A", "Dubois", "Renée", "F", "WOTH", "FRE", {"former_upn": "822300716051"}),
    Named("10C", "Nuñez", "Mateo", "M", "OOTH", "SPA", {"upn": "A823432116777"}),
    Named("7F", "Çelik", "Emre", "M", "WOTH", "TUR"),
    Named("7A", "Şahin", "İpek", "F", "WOTH", "TUR"),
    Named("11E", "Priyanka", "", "F", "AIND", "TAM", {"upn": ""}),
    Named("8D", "Nguyễn", "Minh Anh", "F", "AOTH", "VIE"),
    Named("10D", "Van der Berg", "Lotte", "F", "WOTH", "DUT"),
    Named("11B", "Ní Bhriain", "Aoife", "F", "WIRI", "ENG", {"legal_surname": "O'Brien"}),
    Named("9F", "Featherington-Cholmondeley", "Maximilian Alexander", "M", "WBRI", "ENG",
          {"middle": "Bartholomew Fitzgerald"}),
    Named("11C", "Wijesekara Mudiyanselage Thirunavukkarasu", "Tharushi Hansani", "F", "AOTH", "SIN",
          {"legal_forename": "Tharushi Hansani Nethmini"}),
    # Two who share a full name, two who share surname and initial, twins.
    Named("8B", "Ali", "Mohammed", "M", "APKN", "URD", {"middle": "Yusuf"}),
    Named("8E", "Ali", "Mohammed", "M", "ABAN", "BEN", {"middle": "Rafiq"}),
    Named("9C", "Harris", "Jack", "M", "WBRI", "ENG"),
    Named("9E", "Harris", "Jasmine", "F", "MWBC", "ENG"),
    Named("10B", "Taylor", "Ethan", "M", "WBRI", "ENG", {"born": "2012-03-14"}),
    Named("10E", "Taylor", "Evie", "F", "WBRI", "ENG", {"born": "2012-03-14"}),
)  # fmt: skip

MEDICAL = (
    "Asthma: inhaler in office", "Asthma: carries own inhaler", "Type 1 diabetes: hypo kit in medical room",
    "Nut allergy: auto-injector in office and bag", "Epilepsy: care plan in medical room, time any seizure",
    "Hearing aid, left ear: sit at front", "Migraine: dark room, paracetamol with consent", "Coeliac: no gluten",
    "Bee sting allergy: auto-injector in office", "Wears glasses for reading", "Knee brace until January: lift pass",
)  # fmt: skip

# Code, title, forename, surname, role, years.
STAFF = (
    ("AS1", "Ms", "Jo", "Smith", "assistant", ""),
    ("AS2", "Mr", "Dean", "Whitlock", "assistant", ""),
    ("CO1", "Mrs", "Maya", "Adebayo", "coordinator", ""),
    ("HY7", "Miss", "Hannah", "Leigh", "head of year", "7"),
    ("HY8", "Mr", "Imran", "Sadiq", "head of year", "8"),
    ("HY9", "Mr", "Gareth", "Prosser", "head of year", "9"),
    ("HY10", "Mrs", "Siobhán", "Kearney", "head of year", "10"),
    ("HY11", "Ms", "Ottoline", "Frayne", "head of year", "11"),
    ("BL1", "Mr", "Marcus", "Denholm", "behaviour lead", ""),
    ("AD1", "Mrs", "Pauline", "Tranter", "admin", ""),
    ("SG1", "Mrs", "Anneka", "Rowe", "safeguarding", ""),
    ("AC", "Mr", "Alec", "Cresswell", "teacher", ""),
    ("JP", "Mrs", "Joy", "Parry", "teacher", ""),
    ("RT", "Ms", "Rosa", "Tindall", "teacher", ""),
    ("DW", "Mr", "Desmond", "Wragg", "teacher", ""),
    ("SN", "Mrs", "Sunita", "Nandra", "teacher", ""),
    ("OE", "Mr", "Obinna", "Ejike", "teacher", ""),
    ("FM", "Dr", "Fiona", "Muirhead", "teacher", ""),
    ("GA", "Mr", "Gil", "Amador", "teacher", ""),
    ("LE", "Mr", "Winston", "Lee", "teacher", ""),
    ("TI", "Ms", "Tamsin", "Ivory", "teacher", ""),
    ("HB", "Mrs", "Hilary", "Beckwith", "teacher", ""),
    ("PG", "Mr", "Piers", "Goodall", "teacher", ""),
    ("LD", "Mme", "Lucie", "Delorme", "teacher", ""),
    ("MR", "Sr", "Martín", "Ríos", "teacher", ""),
    ("CJ", "Miss", "Carys", "Jenkyn", "teacher", ""),
    ("WA", "Ms", "Wilma", "Ashdown", "teacher", ""),
    ("BM", "Mr", "Bertrand", "Mottram", "teacher", ""),
    ("YD", "Miss", "Yasmin", "Dar", "teacher", ""),
    ("RC", "Mr", "Ravi", "Chandran", "teacher", ""),
    ("VT", "Mr", "Victor", "Tulloch", "teacher", ""),
    ("KB", "Ms", "Kavita", "Bose", "teacher", ""),
)

# Subject: short form in class codes, then teacher and room, shared out among the classes in turn.
SUBJECTS = {
    "English": ("En", ("AC E1", "JP E2", "RT E3", "HY7 E4")),
    "Maths": ("Ma", ("DW M1", "SN M2", "OE M3")),
    "Science": ("Sc", ("FM S1", "GA S2", "LE S3", "TI S4")),
    "History": ("Hi", ("HB H1", "HY10 H2")),
    "Geography": ("Gg", ("PG G1", "HY8 G2")),
    "French": ("Fr", ("LD L1",)),
    "Spanish": ("Sp", ("MR L2",)),
    "PE": ("PE", ("CJ GYM", "HY9 SH")),
    "Art": ("Ar", ("WA A1",)),
    "Music": ("Mu", ("BM MU1",)),
    "Drama": ("Dr", ("YD DR1",)),
    "Computing": ("Co", ("RC C1",)),
    "Design and Technology": ("DT", ("VT T1",)),
    "Religious Education": ("RE", ("KB R1",)),
    "PSHE": ("PS", ("HY11 R2",)),
}

STREETS = ("Weir Lane", "Mill Race", "Heron Close", "Towpath Road", "Alder Way", "Ferry Street", "Lock Terrace",
           "Osier Drive", "Kingfisher Court", "Bridge Road")  # fmt: skip
