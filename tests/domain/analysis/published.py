"""Published answers and scores with the values that R computes from them.

R 4.2.2 with psych 2.2.9. For a data frame `d` of n rows and k columns of credits:

    total <- rowMeans(d); a <- psych::alpha(d)
    mean(total), sd(total), t.test(total)$conf.int
    raw <- a$total$raw_alpha; psych::alpha.ci(raw, n, k); sd(total) * sqrt(1 - raw)

and for each column, with x <- d[, i] and rest <- rowMeans(d[, -i]):

    mean(x); prop.test(sum(x), n, correct = FALSE)$conf.int
    r <- a$item.stats$r.drop[i]; psych::r.con(r, n)
    100 * cov(x, rest) / cov(sort(x), sort(rest))
"""

from dataclasses import dataclass
from fractions import Fraction

Interval = tuple[float, float]


@dataclass(frozen=True)
class Item:
    facility: float
    wilson: Interval | None  # None where credit is partial: prop.test is for right and wrong
    r: float
    fisher: Interval
    efficiency: float


@dataclass(frozen=True)
class Quiz:
    credits: list[list[Fraction]]
    mean: float
    mean_interval: Interval
    sd: float
    alpha: float
    feldt: Interval
    sem: float
    items: list[Item]


def _of_patterns(counts: str) -> list[list[Fraction]]:
    """Attempts at five items from how often each pattern 00000, 00001 ... 11111 occurred."""
    return [
        [Fraction(int(bit)) for bit in f"{pattern:05b}"]
        for pattern, n in enumerate(counts.split())
        for _ in range(int(n))
    ]


# Bock and Lieberman (1970), Fitting a response model for n dichotomously scored items,
# Psychometrika 35: Law School Admission Test, 1000 persons; psych::bock.table.
LSAT6 = Quiz(
    _of_patterns(
        "3 6 2 11 1 1 3 4 1 8 0 16 0 3 2 15 10 29 14 81 3 28 15 80 16 56 21 173 11 61 28 298"
    ),
    mean=0.7638,
    mean_interval=(0.7509541685940063, 0.7766458314059937),
    sd=0.2070082423779604,
    alpha=0.2949971922159443,
    feldt=(0.2234737878627334, 0.3618025317262298),
    sem=0.1738133224786612,
    items=[
        Item(
            0.924,
            (0.90590435687595172, 0.93885055192829769),
            0.11283268892234177,
            (0.05119772666250415, 0.17361138646019747),
            18.48172207362119224,
        ),
        Item(
            0.709,
            (0.68009019765685041, 0.73631021729618751),
            0.15317812011652954,
            (0.09205923059898134, 0.21314716060809752),
            20.00266657778074020,
        ),
        Item(
            0.553,
            (0.5220403713020199, 0.5835539922985113),
            0.1727789432910904,
            (0.1119853469776074, 0.2322840086953267),
            21.8899543689140543,
        ),
        Item(
            0.763,
            (0.73566848929701456, 0.78831863573958350),
            0.14442809524709366,
            (0.08317976636394005, 0.20458937797375223),
            17.72019642670567308,
        ),
        Item(
            0.87,
            (0.84773197334553119, 0.88943622537515810),
            0.12159640254709643,
            (0.06005603057879565, 0.18221591670292223),
            18.77477124822625498,
        ),
    ],
)

# The same paper, section 7 of the test; psych::bock.table.
LSAT7 = Quiz(
    _of_patterns(
        "12 19 1 7 3 19 3 17 10 5 3 7 7 23 8 28 7 39 11 34 14 51 15 90 6 25 7 35 18 136 32 308"
    ),
    mean=0.7414,
    mean_interval=(0.7265245322609789, 0.7562754677390212),
    sd=0.2397154636303288,
    alpha=0.4534087353874261,
    feldt=(0.3979563774632111, 0.5052031603210981),
    sem=0.1772259829964248,
    items=[
        Item(
            0.828,
            (0.8033660485432000, 0.8501235978902758),
            0.2457316499264745,
            (0.1865808775501422, 0.3031072981458059),
            33.2621462893753304,
        ),
        Item(
            0.658,
            (0.6280436431236505, 0.6867471011949142),
            0.2466735767119618,
            (0.1875484962208389, 0.3040176051385788),
            31.6487951049601079,
        ),
        Item(
            0.772,
            (0.7449850163320579, 0.7969332270518001),
            0.3131792533800719,
            (0.2561594939693235, 0.3680271089430050),
            40.5903830682591789,
        ),
        Item(
            0.606,
            (0.5753643006840624, 0.6358244265169999),
            0.2227512540714819,
            (0.1630091712436467, 0.2808658496817565),
            28.1597935181847134,
        ),
        Item(
            0.843,
            (0.8191441706597944, 0.8642306730191147),
            0.1747863009093040,
            (0.1140287820339390, 0.2342412525631139),
            23.7826002605249265,
        ),
    ],
)

# Chatterjee and Price (1977), Regression analysis by example: seven percentages from each of 30
# departments, here as partial credit; R's datasets::attitude / 100.
ATTITUDE = Quiz(
    [
        [Fraction(int(value), 100) for value in row.split()]
        for row in """\
43 51 30 39 61 92 45
63 64 51 54 63 73 47
71 70 68 69 76 86 48
61 63 45 47 54 84 35
81 78 56 66 71 83 47
43 55 49 44 54 49 34
58 67 42 56 66 68 35
71 75 50 55 70 66 41
72 82 72 67 71 83 31
67 61 45 47 62 80 41
64 53 53 58 58 67 34
67 60 47 39 59 74 41
69 62 57 42 55 63 25
68 83 83 45 59 77 35
77 77 54 72 79 77 46
81 90 50 72 60 54 36
74 85 64 69 79 79 63
65 60 65 75 55 80 60
65 70 46 57 75 85 46
50 58 68 54 64 78 52
50 40 33 34 43 64 33
64 61 52 62 66 80 41
53 66 52 50 63 80 37
40 37 42 58 50 57 49
63 54 42 48 66 75 33
66 77 66 63 88 76 72
78 75 58 74 80 78 49
48 57 44 45 51 83 38
85 85 71 71 77 74 55
82 82 39 59 64 78 39""".splitlines()
    ],
    mean=0.6043809523809524,
    mean_interval=(0.5735757337759425, 0.6351861709859622),
    sd=0.08249789056082399,
    alpha=0.8431427695647599,
    feldt=(0.7393756856431073, 0.9157730721599816),
    sem=0.0326734591070181,
    items=[
        Item(
            0.6463333333333333,
            None,
            0.6712620572236645,
            (0.4101915269633719, 0.8306507953021024),
            69.3159846998940594,
        ),
        Item(
            0.666,
            None,
            0.7421097102222386,
            (0.5211838239013495, 0.8698235322241116),
            74.9537001097889686,
        ),
        Item(
            0.5313333333333333,
            None,
            0.5607111114802555,
            (0.2511825014647486, 0.7662021665511634),
            57.6018593948472883,
        ),
        Item(
            0.5636666666666666,
            None,
            0.7144454981336762,
            (0.4769361775459769, 0.8547168279611480),
            72.5005042694816240,
        ),
        Item(
            0.6463333333333333,
            None,
            0.7862755938344000,
            (0.5943757124107507, 0.8934550134090844),
            80.2252052998650100,
        ),
        Item(
            0.7476666666666667,
            None,
            0.2650343391966761,
            (-0.1052881910634217, 0.5708013300737759),
            28.0444682742753280,
        ),
        Item(
            0.4293333333333333,
            None,
            0.4608105494684965,
            (0.1205554420765806, 0.7041754759459785),
            50.1369391655313308,
        ),
    ],
)
