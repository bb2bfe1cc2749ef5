"""Everything the checker knows about English: a module for another language has these names."""

import re

LANGUAGE = "en"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pattern(text: str) -> re.Pattern[str]:
    """Whole words of a text in lower case: alternatives divided by " | " or a new line.

    Lower case makes the search several times as fast as a flag to ignore it.
    """
    alternatives = re.split(r" \| |\s*\n\s*", text.strip())
    return re.compile(rf"\b(?:{'|'.join(alternatives)})(?!\w)")


# --- Words and their roots -----------------------------------------------------------------

SUFFIXES = (
    "isations", "izations", "isation", "ization", "fulness", "ousness", "iveness", "ically",
    "ations", "ation", "ities", "ments", "ment", "ness", "atory", "ators", "ator", "ating", "ative",
    "ated", "ates", "ate", "ions", "ings", "ists", "ally", "ical", "ism", "ist", "ity", "ies",
    "ied", "ing", "ion", "ers", "ors", "ly", "ed", "er", "or", "es", "al", "ic", "s", "e", "y",
)  # fmt: skip

ARTICLES = _words("a an the")
FUNCTION_WORDS = _words("""
    a an the and or but nor so yet if then than that this these those there here it its itself he
    him his she her hers they them their theirs we us our you your i me my who whom whose which what
    when where why how is are was were be been being am do does did done doing has have had having
    can could may might must shall should will would not no never of in on at by for from to into
    onto with without within over under above below between among through during before after since
    until about against towards toward upon per as because while although though unless whether
    all any each every both either neither some few many much more most other another such same own
    only just also too very even still already again ever often always usually sometimes up down out
    off one two three four five six seven eight nine ten first second third last next like unlike
    said says say made make makes making get gets got give gives gave given take takes took taken
    go goes went gone come comes came let lets use uses used using because via else not
    don't doesn't didn't isn't aren't wasn't weren't can't cannot won't wouldn't shouldn't couldn't
""")

GENERIC_WORDS = _words("""
    following statement statements answer answers option options choice choices question questions
    best describes describe describing described explains explain explained true false correct
    correctly incorrect likely main mainly term terms word words name named names called call calls
    example examples type types kind kinds form forms part parts way ways reason reasons result
    results cause causes caused effect effects purpose role function functions happen happens
    happened occur occurs occurred mean means meaning refer refers referred known know
    author authors article text passage according argue argues argued claim claims claimed
    state states stated suggest suggests suggested show shows shown value number numbers
    year years time times people person thing things place different new good important
    large small high low great long short many much become becomes became
    country countries work works working process change changes changed would
    need needs needed want wants wanted help helps helped follow follows followed
    provide provides provided contain contains contained include includes included
    lower lowers lowered higher raise raises raised rise rises rose risen fall falls fell fallen
    increase increases increased decrease decreases decreased reduce reduces reduced less least
    carry carries carried
    see seen seems find finds found think believe case point fact idea
""")  # fmt: skip

# --- Negatives -----------------------------------------------------------------------------

NOTS = _words("""
    not never cannot can't don't doesn't didn't isn't aren't wasn't weren't won't wouldn't shouldn't
    couldn't hasn't haven't hadn't mustn't needn't
""")
NOT_ALSO = _words("only just merely simply solely until more less fewer")  # "not only", "not until"
NOT_AFTER = _words("or whether why if though and but")  # "whether or not", "if not"
SUBJECTS = _words("he she they it we you i")  # "he did not": a clause of its own
ASKING = _words("which what")
ASKING_PEOPLE = _words("who whom where when")
PICKING = _words("choose select pick identify mark tick find name indicate circle spot")
SUBORDINATORS = _words("""
    that who whom whose which because when if although though while since where whether unless after
    before why how so until once
    say says said claims claimed stated argues argued holds held means shows suggests proves
    believes believed thinks thought feared predicted
""")
REASON_ENDINGS = _words("because since owing due as to for by that on when")
EXCEPT = "except"
LEAST = "least"
NO = "no"
EXCEPT_AFTER = ARTICLES | _words("try")  # "an except clause"
LEAST_AFTER = _words("at")  # "at least"
EXCEPT_NOUNS = _words("clause clauses block blocks statement keyword branch handler")
LEAST_ADJECTIVES = _words("""
    likely important appropriate suitable effective accurate relevant useful consistent associated
    supported probable characteristic typical true helpful correct valid plausible desirable
    convincing affected related applicable justified well reasonable representative compatible
    significant satisfactory advisable expect expected resemble resembles
""")
FALSE_WORDS = _words("false incorrect untrue inaccurate wrong mistaken")
FALSE_AFTER = _words("about of regarding concerning for according in")
FALSE_NOUNS = _words("statement statements option answer one sentence claim choice description")
BEING = _words("is are was were isn't aren't be being")
NEGATIVE_WORDS = _words("no never not cannot neither nor none nobody nothing without") | NOTS
SECOND_NEGATIVES = NEGATIVE_WORDS | _words("except fails fail failed lacks lack")
NEGATIVE_ADJECTIVES = _words("""
    impossible improbable impermissible imprecise imperfect immoral immature impractical
    inaccurate inactive inadequate inadvisable inappropriate incapable incompatible incomplete
    inconsistent incorrect ineffective inefficient ineligible inessential inexpensive
    inflexible infrequent insecure insignificant insoluble insufficient intolerant invalid
    invisible involuntary illegal illegible illogical irrational irregular irrelevant irreversible
    disadvantageous dishonest dissimilar disallowed forbidden prohibited false rarely absent
    non-essential nonessential non-living nonliving
""")
UN_EXCEPTIONS = ("under", "uni", "until", "unto", "uncle", "unless", "uncertainty", "unesco")
CLAUSE_BREAKS = _words("and or but because when if while although which who since as")
FIRST_NEGATIVES = _words("except no none false untrue")  # beside NOTS
WEAK_NEGATIVES = _words("no false untrue")  # which only NOTS double

# --- Strength and vagueness ----------------------------------------------------------------

ABSOLUTE = _pattern("""
    always | never | only | all | must | impossible | every | everyone | everybody | everything
    everywhere | completely | entirely | totally | absolutely | invariably | solely | exclusively
    nobody | no one | no-one | none of | no [a-z]+ ever | without exceptions?
    under no circumstances? | under any circumstances? | in no case | guaranteed
    forever | wholly | at all times | inevitabl[ey] | 100 ?(?:%|per ?cent) | cannot ever
    can never | any and all | unanimously | perfectly
""")
NOT_ABSOLUTE = _pattern(r"""
    not (?:always|only|all|every|everyone|everything|entirely|completely|necessarily|solely)
    if and only if | at all | above all | after all | first of all | all but | all right
    (?:almost|nearly|virtually|practically) (?:all|every|everyone|always|never|entirely|nothing)
    every (?:other|second|third|few|two|three|four|five|six|seven|eight|ten|twelve|\d+)
    every (?:minute|hour|day|night|morning|evening|week|month|year|decade|century|time)
    every (?:spring|summer|autumn|winter|january|monday|sunday)
    the only | an only | only (?:child|son|daughter) | only (?:about |around )?\d[\d.,]*
    only (?:one|two|three|four|five|six|half|a (?:few|third|quarter|half|tenth|minority))
    must have | all (?:of )?the above | none of the above | all (?:saints|souls)[a-z']*
    all (?:two|three|four|five|six|seven|eight|nine|ten|twelve) | all \d+ | read only | read-only
    all-[a-z]+ | all of (?:these|them|those) | none of (?:these|them|those)
    all (?:these|those|answers|options|choices|statements) | all in all | once and for all
    all along | all over | all (?:day|night|year) ?(?:long|round)? | nothing but | only if
    only when | only after | only then | nothing (?:is printed|happens) | select all | nothing to
    only[.]?$ | (?:has|have|had) never | all of it
    (?:of|by|among|for|from|between|with|to|on|on top of) all | ^(?:which|what|who|how) .*
    for all practical purposes | only recently | every single
""")
ONE_WORD_QUANTITIES = _words("all none only every nothing everything everyone nobody")

VAGUE = _pattern("""
    often | sometimes | usually | frequently | occasionally | rarely | seldom | generally
    several | many | some | a few | few | a lot | lots | probably | typically | mostly | possibly
    perhaps | maybe | normally | commonly | regularly | a number of | various | quite | fairly
    somewhat | now and then | from time to time | at times | more or less | a little
    infrequently | hardly ever | a bit | numerous | plenty | in some cases | in many cases
    in most cases | might | to some extent | to a certain extent | sort of
""")
MAY = re.compile(
    r"\b[Mm]ay (?:or may not|be|have|cause|lead|help|increase|decrease|reduce|occur|happen|result|"
    r"vary|affect|improve|contribute|not|also|still|sometimes|become|differ|depend|show|appear|"
    r"develop|change|rise|fall|grow|produce|prevent|contain|include|indicate|suggest|make|"
    r"lower|raise|worsen|weaken|strengthen|slow|speed|damage|harm|cool|warm|delay|trigger|lose|"
    r"need|fail|shorten|lengthen|spread|slightly|well|even|eventually)\b"
)
WHATEVER = re.compile(r"\b\w+ever\b[^,.;]*")
"""A clause that leaves something open on purpose: "whatever the price may be"."""
NOT_VAGUE = _pattern(r"""
    how many | how few | as (?:many|few) (?:[a-z]+ )?as | many-to-many | one-to-many | many-to-one
    some \d[\d.,]* | many-sided | regularly spaced | military might | the might | few-shot
    normally distributed | generally accepted accounting principles | too (?:many|few) | so many
    no fewer | fewer | the few | the many | twice as many | little-endian | some day
    (?:by|in) (?:far )?many | various artists | fairly traded | quite the opposite | quite so
    many worlds | several liability | common(?:ly)? known | many times (?:more|as)
    mostly harmless | (?:infinite|finite|countab|uncountab)ly many
""")

# --- Choices that point at other choices ---------------------------------------------------

_LIST = (
    "(?:the )?(?:above|these|those|them|options?|answers?|choices?|preceding|foregoing|"
    "statements?|listed|others?|previous|mentioned)"
)
_NAMED_ABOVE = (
    r" (?:of the|of|the) (?:\w+ ){1,2}(?:above|listed|given|named|mentioned|shown|below)\b.*"
)
_LETTERED = r"\(?[a-f][).]?"
ALL_ABOVE = re.compile(
    rf"^(?:(?:both|all|any|each|every one|everything|either|two|three|more than one|"
    rf"at least two|some)(?: (?:two|three|four|five))?(?: of)? {_LIST}\b.*"
    r"|(?:all|both|everything|two|three|each)(?: (?:of them|three|four))?"
    r" (?:is|are|apply|applies|hold|above|below)(?: (?:true|correct|right|valid|possible))?"
    r"|(?:both |options |answers |only )[1-4] and [1-4](?: only)?"
    rf"|(?:both |either |only |options |answers |choices )?{_LETTERED}(?:, {_LETTERED})*,?"
    rf" (?:and|&|or) {_LETTERED}"
    r"(?: only| both)?(?: (?:are|is) (?:both )?(?:true|correct|right))?"
    rf"|(?:both|all|any){_NAMED_ABOVE}"
    r"|both|all (?:two|three|four|five)(?: of them)?|all of the following|any of the following)"
    r"[.!]?$",
    re.IGNORECASE,
)
NONE_ABOVE = re.compile(
    rf"^(?:(?:none|neither|not any|no one|not one|nothing)(?: (?:one|two))?(?: of)? {_LIST}\b.*"
    rf"|neither(?: {_LETTERED} nor {_LETTERED}| is (?:true|correct|right)| one)?"
    rf"|(?:none|neither){_NAMED_ABOVE}"
    r"|none(?: (?:is|are) (?:true|correct|right)| apply| applies)?"
    r"|no (?:correct|right|such) (?:answer|option|choice|one).*"
    r"|there is no (?:correct|right) (?:answer|option|choice).*"
    r"|(?:some|any)thing else(?: entirely)?|another answer|other|not listed(?: here)?"
    r"|the (?:correct|right) answer is (?:not|missing).*)[.!]?$",
    re.IGNORECASE,
)
QUANTITY_STEM = _pattern("""
    how many | how much | what number | number of | what (?:value|share) | printed? | output
    outputs | returns? | evaluates? | how often | what amount | prints
""")

# --- True or false -------------------------------------------------------------------------

VERDICTS = _words("true false yes no correct incorrect right wrong agree disagree")
YEA = _words("true yes correct right agree")
NAY = _words("false no incorrect wrong disagree")
UNDECIDED = re.compile(
    r"^(?:it depends|depends|maybe|perhaps|not sure|unsure|(?:i )?don't know|i do not know|"
    r"(?:(?:it|this|that) is )?(?:still )?(?:unknown|unclear|uncertain|not known|disputed)|"
    r"sometimes|cannot (?:be (?:determined|known|decided)|tell|say)|can't (?:tell|say)|"
    r"not (?:given|stated|enough information)|neither|both|undecided|possibly|"
    r"partly(?: true)?|(?:the )?(?:source|text|article) does not say)[.!]?$",
    re.IGNORECASE,
)
IS_IT_TRUE = re.compile(
    r"\b(?:(?:is|was) it (?:true|correct|false|the case|right) (?:that|to say)|true or false|"
    r"right or wrong|yes or no|(?:is|are) the(?:se|following)? (?:\w+ )?"
    r"(?:statements?|sentences?|claims?|assertions?) (?:\w+ )?(?:true|correct|false|right|accurate)"
    r"|(?:is|are) (?:this|these|that) (?:statements? |sentences? |claims? )?"
    r"(?:true|correct|false|right|accurate))\b",
    re.IGNORECASE,
)
BOOLEAN_STEM = _pattern("""
    evaluates? | returns? | prints? | printed | outputs? | boolean | bool
    (?:truth|logical) values? | truth tables? | expression | keyword | literal | constant
""")
MIRRORED = (("it is", "it isn't"), ("it does", "it doesn't"), ("it can", "it can't"),
    ("it is", "it is not"), ("it does", "it does not"), ("it can", "it cannot"),
    ("they are", "they are not"), ("they do", "they do not"), ("it was", "it was not"),
    ("it did", "it did not"), ("they did", "they did not"), ("possible", "impossible"),
    ("legal", "illegal"), ("valid", "invalid"), ("always", "never"))  # fmt: skip

SHORT_VERDICT = re.compile(
    r"^(?:yes|no|true|false)"
    r"(?:,? (?:it|they|he|she|we|this|that|there|you) \w+(?:'t| not)?)?[.!]?$",
    re.IGNORECASE,
)
LED_BY_VERDICT = re.compile(r"^\w+(?:$|[^\w\s]| (?:because|it|since|but|only|for|in|if)\b)")

# --- Stems ---------------------------------------------------------------------------------

WH_WORDS = _words("which what who whom whose when where why how")
AUXILIARIES = _words("""
    is are was were be been do does did has have had can could may might must shall should will
    would
""")
COPULAS = AUXILIARIES | _words("the a an")
TOPIC_OPENERS = _words("regarding concerning about on re consider considering the a an in for "
    "with respect to")  # fmt: skip
IMPERATIVES = _words("""
    solve simplify evaluate find compute calculate translate define complete convert factor
    factorise factorize expand differentiate integrate round add subtract multiply divide spell
    determine estimate predict balance arrange rewrite reduce express sort rank match
    decline conjugate transpose invert punctuate count
""")
RELATIONAL_NOUNS = _words("""
    capital synonym synonyms antonym antonyms opposite symbol author formula value plural singular
    derivative square root roots sum product area definition meaning name unit colour color
    inventor composer founder currency inverse integral cube factor factors past tense translation
    abbreviation anagram volume perimeter mass charge number discoverer painter president
    language best most main chief only first last largest smallest longest shortest highest lowest
    oldest youngest biggest best-known next
""")
ENDING_PREPOSITIONS = _words("""
    in on at by for from to into with of as because between through than that when where during
    under over against if since towards until upon equals equal occurs occur happens happen means
    mean begins begin starts start ends end lies lie flows flow lives live consists arises comes
    causes produces requires prevents lasts moves resembles contain contains
""")
_TRUE = "(?:true|correct|right|accurate|false|incorrect|wrong|untrue|valid|best|inaccurate)"
_NOUN = "(?:statement|option|answer|sentence|choice|claim|assertion|alternative|response|one)s?"
_WHICH = (
    "(?:which|what)(?: ones?)?(?: of (?:the )?(?:following|these|below|statements|options|answers|"
    rf"claims))?(?: (?:following|single))?(?: (?:{_NOUN}|below))*"
)
_IS_TRUE = (
    "(?:is|are|would be|do you think is)(?: (?:most|not|least|also|all))*"
    rf"(?: {_TRUE}| (?:the|a) (?:most )?{_TRUE} {_NOUN})"
)
_TOPIC = (
    "(?: (?:about|of|on|for|to|regarding|concerning|with regard to|with respect to|when it comes "
    "to) (?P<topic>.{1,120}?))?"
)
_PICK = "(?:please )?(?:choose|select|pick|tick|mark|identify|circle|find|indicate)"
UNFOCUSED = tuple(
    re.compile(rf"{form}[?:. ]*$", re.IGNORECASE)
    for form in (
        rf"{_WHICH} {_IS_TRUE}{_TOPIC}",
        rf"{_WHICH}{_TOPIC} {_IS_TRUE}",
        rf"{_PICK} (?:the|one|a)(?: (?:single|most))? (?:{_TRUE} )?{_NOUN}{_TOPIC}",
        rf"what (?:can|could|do|should) (?:you|we|be|one)(?: say| know| said)?{_TOPIC}",
        "which(?: one| of these| of the following| is it| are they)*",
        rf"which of the following (?:applies|apply|fits|holds){_TOPIC}",
        "what about (?P<topic>.{1,120}?)",
    )
)
"""Questions that ask for nothing but truth, about a `topic` or about nothing."""
GRAMMAR_STEM = _pattern("sentences? | spelling | word order | verb forms?")
OF_A_COMMON_NOUN = re.compile(r" of (?:the |a |an |its )?[a-z]")
STEM_PADDING = ARTICLES | _words("please of following")
DENIES_TRUTH = _pattern("not | false | incorrect | untrue | wrong | least | inaccurate")

# --- Grammar -------------------------------------------------------------------------------

VOWEL_SOUND = re.compile(
    r"^(?:[aeiou]|ho(?:ur|nest|nour)|heir|x-|[FHLMNRSX](?:\b|[A-Z])|8|11\b|18\b)"
)
CONSONANT_SOUND = re.compile(
    r"^(?:[Uu](?:ni(?!n|m)|se|su|ra|te|bi)|[Ee](?:u|we)|[Oo]n(?:e\b|ce)|U(?:\b|[A-Z]))"
)
SINGULAR_STARTS = _words("a an one each every this that")
PLURAL_STARTS = _words("two three four five six seven eight nine ten several many few these those "
    "both some")  # fmt: skip
IRREGULAR_PLURALS = _words("""
    people men women children mice geese feet teeth bacteria mitochondria phenomena criteria data
    fungi nuclei stimuli alumni cacti algae larvae vertebrae genera strata media quanta spectra oxen
    lice police cattle they we
""")
NOT_PLURAL_ENDINGS = ("ss", "us", "is", "ics", "'s", "itis", "ness", "news", "lens", "gas", "bias",
    "atlas", "series", "species", "states", "netherlands", "mars", "chaos", "canvas")  # fmt: skip
NOUN_STOPPERS = _words("""
    of in on at by for from to into with that which who whose where when under over between through
    against during within without than as because if but
""")
PAST_STARTS = _words("was were did had")
PRESENT_MARKS = _words("is are will does do has have can shall isn't aren't won't doesn't don't")
PAST_MARKS = _words("was were did had could wasn't weren't didn't hadn't would")
IRREGULAR_PAST = _words("""
    began became broke brought built bought came chose cut drew drove fell fled flew forbade found
    fought gave grew held kept knew led left lost made met paid put ran rose said sank sat saw
    seized sent set shot sold spoke spent stood stole struck swore took taught thought threw told
    understood went withdrew won wrote refused
""")
PLURAL_SUBJECT = re.compile(r"^(?:which|what|who) (?:are|were) the \w+s\b", re.IGNORECASE)
PLURAL_ASK = re.compile(r"^(?:which|what|who)(?: [a-z]+s)? (?:are|were) ", re.IGNORECASE)
COUNTED_ASK = re.compile(r"\b(?:which|what)(?: of the)? (two|three|four)\b", re.IGNORECASE)
PARTICIPLES = _words("been become begun broken brought built chosen done drawn driven eaten fallen "
    "found given gone grown held kept known led left lost made met paid put risen seen sent set "
    "shown sold spoken spread spent stood taken taught told thrown won written had")  # fmt: skip
ED_NOUNS = _words("bed seed speed weed reed deed breed need feed creed greed steed shed sled red")
ING_NOUNS = _words("""
    king ring wing spring string thing nothing something anything everything morning evening sting
    sling swing during being beijing ceiling viking sibling boeing lightning pudding wedding
    sterling inning shilling
""")
DETERMINERS = r"(?:the|a|an|its|their|his|her|our|this|these|all|every|no)"
SENTENCE_STARTS = _words("it they he she we there")
LIST_SIGN = re.compile(r",|\band\b|&|/")
AFTER_TO = _words("be have do make")  # function words that are verbs too
TO = "to"
OF = "of"
SINGULAR_BE = _words("is was")
PLURAL_BE = _words("are were")
FINITE = AUXILIARIES - _words("be been do have")
NOT_SENTENCE_STARTS = _words("""
    that which who what when where why how whether if because to by in on at for from with of
    between among under over after before since until during without through against into as while
    when and or but than although unless so whoever whomever whatever whichever
""")
VERB_FOLLOWERS = _words("the a an its their his her your all every each")
CLAUSE_STARTS = _words("that whether if")  # after a verb: "check that ..."
BY = "by"
REASON_STARTS = _words("because")
EVASIVE = _pattern("""
    equal(?:ly)? | same | alike | no difference | depends | both | neither | cannot be
    no change | nothing
""")
BASE_VERBS = _words("""
    be have make take give keep send reduce increase improve prevent protect support create build
    raise lower produce provide remove store carry move turn stop start help change control measure
    show find avoid allow ensure absorb release convert break form hold add use encourage limit
    strengthen weaken restore defend attack sign wash check call ask tell clean cover cool press
    pump digest filter drain wait leave put place apply lift lie raise read write save delete print
    return compare choose explain describe collect join pay buy sell lend borrow vote elect appoint
    dissolve declare refuse accept reject report record test treat prescribe drink eat breathe
    transport regulate secrete produce receive transmit send connect repair replicate divide feed
    expel invite consult notify inform request demand guard train rest sleep warm heat freeze
""")
FINITE_VERB = re.compile(
    rf"^(?!(?:to|by|in|on|at|for|from|with|of)\b)(?:\S+ ){{1,5}}?(?!(?:the|its?|his|this|as|is|was|"
    rf"across|unless|plus|versus|besides|towards|always|process|less|us|does|has|need|based)\b)"
    rf"\w+(?:ed|[^s\W]s) {DETERMINERS}\b",
    re.IGNORECASE,
)
RELATIVES = re.compile(
    r"\b(?:that|which|who|whom|whose|where|when|whether|because|if|as|how|what|why|than)\b",
    re.IGNORECASE,
)

# --- Precision of the key ------------------------------------------------------------------

ROUGHLY = _words("around nearly almost roughly exactly circa")
QUALIFIERS = _pattern(r"""
    unless | provided (?:that|there) | (?<=, )provided | as long as
    except (?:for|when|in|where) | in most cases | at least (?:in part|partly) | partly
    partially | under (?:normal|certain|some|most|standard|resting) [a-z]+ | up to | in part
    mainly | primarily | approximately | specifically | in particular | depending on | subject to
    usually | generally | typically | often | to some extent | to a large extent | rather than
    although | even though | whereas | in principle | as well as | especially | particularly
    relative to | regardless of | insofar as | so far as | tends? to | normally | but not
    such as | for example | e\.g\. | i\.e\. | namely | thereby | by means of
""")

FACET_DIVIDERS = (
    re.compile(r",? (?:and|but|with|plus|then|without|or) | [–—-] "),
    re.compile(r"[,;/+] ?| (?:and|or) "),
)
FACET_STARTS = re.compile(r"^(?:a|an|the|its|to|by|both) ")
TERM_STOPS = ARTICLES | _words("of in and")

MONTHS = _pattern("""
    january | february | march | april | may | june | july | august | september | october
    november | december
""")

# --- Overlap -------------------------------------------------------------------------------

MORE = _pattern("""
    more than | over | above | at least | greater than | exceeding | no less than | no fewer than
    a minimum of | older than | later than | longer than | after | higher than | minimum of
    larger than | not less than
""")
LESS = _pattern("""
    less than | fewer than | under | below | at most | up to | no more than | not more than
    a maximum of | younger than | within | before | earlier than | shorter than | lower than
    maximum of | smaller than
""")
OR_MORE = _pattern("""
    or more | or over | or older | or later | or above | and above | and over | or higher
    and older | upwards | or longer | or greater | and up
""")
OR_LESS = _pattern("""
    or less | or fewer | or under | or younger | or earlier | or below | and below | and under
    or lower | or shorter
""")
SUBSET_LINKS = _words("""
    and or in on with when if that which who for by during after before at from to under but because
    as only without while until through
""")
NUMBER_WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip
UNITS = {
    "mm": ("m", "0.001"), "cm": ("m", "0.01"), "m": ("m", "1"), "km": ("m", "1000"),
    "metre": ("m", "1"), "metres": ("m", "1"), "kilometre": ("m", "1000"),
    "kilometres": ("m", "1000"), "centimetres": ("m", "0.01"), "meters": ("m", "1"),
    "kilometers": ("m", "1000"), "mg": ("g", "0.001"), "g": ("g", "1"), "kg": ("g", "1000"),
    "grams": ("g", "1"), "kilograms": ("g", "1000"), "seconds": ("s", "1"), "minute": ("s", "60"),
    "minutes": ("s", "60"), "hour": ("s", "3600"), "hours": ("s", "3600"), "day": ("s", "86400"),
    "days": ("s", "86400"), "week": ("s", "604800"), "weeks": ("s", "604800"),
    "ml": ("l", "0.001"), "l": ("l", "1"), "litre": ("l", "1"), "litres": ("l", "1"),
    "per cent": ("%", "1"), "percent": ("%", "1"), "%": ("%", "1"),
    "month": ("mo", "1"), "months": ("mo", "1"), "year": ("mo", "12"), "years": ("mo", "12"),
    "decade": ("mo", "120"), "decades": ("mo", "120"), "century": ("mo", "1200"),
}  # fmt: skip
SAME_WORDS = {
    "usa": "united states", "us": "united states", "u.s.": "united states",
    "united states of america": "united states", "uk": "united kingdom",
    "great britain": "united kingdom", "ussr": "soviet union", "eu": "european union",
    "un": "united nations", "can't": "cannot", "can not": "cannot", "doesn't": "does not",
    "don't": "do not", "isn't": "is not", "aren't": "are not", "won't": "will not",
    "didn't": "did not", "it's": "it is", "they're": "they are", "&": "and", "%": " percent",
    "per cent": "percent",
}  # fmt: skip
FORM_MATTERS = _pattern(r"""
    capitali[sz]\w* | capital letters? | punctuat\w* | spell\w* | spelt | case-sensitive
    apostrophes? | commas? | (?:semi)?colons? | full stops? | quotation marks? | brackets?
    hyphen\w* | notation | simplest | lowest terms | significant | decimal places? | written
    round\w* | format | written form | genotypes? | express\w* | precision | upper case
    lower case | naming | style
""")
SCORE_STEM = _pattern("scores? | result | ratio | odds | verses? | chapters?")
ADDED_BEFORE = _words("only mainly both just and or")
ORDER_MATTERS = _pattern("""
    order | sequence | sequences | ordered | first | rank | ranking | respectively | in turn
    series | steps | stages | phases | arranged | precedence
""")

# --- Plausibility --------------------------------------------------------------------------

NO_ANSWER = _pattern(r"""
    i (?:do not|don't|dunno|have no)(?: really)? (?:know|care|idea) | no idea | no clue
    don't know | dunno | who (?:knows|cares) | nobody cares
    ask (?:your|the) (?:teacher|instructor)
    lorem ipsum | placeholder | dummy(?: answer| option)? | asdf\w* | qwerty | foo ?bar baz | filler
    to be (?:written|added|filled in) | tbd | option [a-f] | wrong answer | not this one
    obviously (?:wrong|not)
""")
JOKE = _pattern(r"""
    taylor swift | beyonc[eé] | justin bieber | kim kardashian | lady gaga | lebron james
    cristiano ronaldo | lionel messi | oprah winfrey | tom cruise | brad pitt | elon musk | barbie
    pizzas? | hamburgers? | ketchup | popcorn | milkshakes? | doughnuts? | donuts? | cupcakes?
    bubble ?gum | ice cream | yummy | looks? cool | lost a bet | (?:had|took|taking) a nap
    (?:kind|type|brand|sort|flavou?r) of (?:dance|pizza|cheese|sandwich|toothpaste|car|shoes?)
    (?:kind|type|brand|sort|flavou?r) of (?:cereal|pasta|hat|cake|candy|shampoo|soda|perfume)
    (?:go|going|went) (?:ski|shopp|surf|fish|swimm|camp|bowl|danc|clubb|hik)ing
    (?:go|going|went) on (?:a )?(?:holiday|vacation|picnic) | birthday part(?:y|ies)
    (?:have|having|had|throw|throwing|threw) a (?:big )?(?:party|picnic|barbecue|nap|laugh)
    monopoly money | fairy dust | ^(?:in |on |at |under )?my \w+$
    (?:they|it) forgot (?:how )?to (?:eat|breathe|drink|sleep|wake up)
    play(?:ing|ed)? (?:golf|cards|video games|football|tennis|hide[- ]and[- ]seek)
    watch(?:ing|ed)? (?:tv|television|a (?:film|movie)|cartoons)
    just for fun | to impress (?:his|her|their|a) (?:friends?|girlfriend|boyfriend|crush)
    unicorns? | dragons? | santa claus
    (?:little green men|space )?aliens? | extraterrestrials? | martians? | wizards?
    fair(?:y|ies) | leprechauns? | mermaids? | vampires? | zombies? | werewol(?:f|ves) | goblins?
    elves | trolls? | bigfoot | godzilla | batman | superman | spider-?man | mickey mouse
    donald duck | darth vader | harry potter | homer simpson | pok[eé]mon | pikachu | spongebob
    (?:bart|lisa|marge) simpson | luke skywalker | han solo | yoda | bilbo | frodo | dumbledore
    hermione | voldemort | indiana jones | popeye | scooby[- ]doo | minnie mouse | buzz lightyear
    super mario | lara croft | hello kitty | peppa pig | captain (?:america|kirk|jack sparrow)
    iron man | wonder woman | king kong | pinocchio | humpty dumpty | mr\.? bean | peter pan
    michael jackson | rihanna | shakira | ed sheeran | kanye west | chuck norris | tom hanks
    arnold schwarzenegger | jackie chan | david beckham | usain bolt | michael jordan
    shrek | james bond | gandalf | winnie the pooh | bugs bunny | easter bunny | tooth fairy
    narnia | wakanda | hogwarts | mordor | westeros | neverland | wonderland | gotham city
    abracadabra | magic(?:al)? (?:wand|spell|beans?|powers?|dust)
    (?:by|of|through|with|using|is|was|it's) magic(?! (?:squares?|numbers?|bullets?|flute))
    ^magic$ | spaceships? | pixie dust | flying (?:pigs?|carpets?|spaghetti monster)
    your m[uo]m | my (?:dog|cat|m[uo]m|grandmother|grandma|teacher)
    lol | ha ?ha(?: ?ha)* | ^just because$
    because i said so | made of (?:green )?(?:cheese|chocolate|jelly|marshmallows?) | rubber ducks?
    teddy bears? | time travell?ers? | time machines? | a coin (?:toss|flip) | nobody cares
    ^whatever$ | blah(?: blah)* | memes? | tiktok dances?
    because (?:it|they) (?:was|is|are) (?:bored|tired|lazy|monday)
    (?:was|were|is|felt|got|get|gets) (?:bored|hungry|sleepy|grumpy|in a bad mood)
    dance(?:s|d)? (?:party|contest|competition) | voodoo | crystal ball | horoscopes? | ninjas?
    ghosts? | superheroe?s? | rock-paper-scissors
""")
HOLLOW = re.compile(r"^(?:[.…?!\s]*|-+|_+|n/?a|not applicable|x+|tba|tbc|todo|nothing here|"
    r"(?:any|no) (?:answer|comment)|answer|option|choice|test)$", re.IGNORECASE)  # fmt: skip
EVERYDAY = {
    "days": _words("monday tuesday wednesday thursday friday saturday sunday weekend"),
    "food": _words("""
        banana bananas cheese pizza pizzas sandwich sandwiches burger hamburger spaghetti ketchup
        chocolate cake cakes pancake pancakes cookies cookie biscuit biscuits doughnut donut donuts
        jam jelly custard noodles soup pickle pickles popcorn waffle waffles toast sausage
        sausages lasagne pasta marshmallow marshmallows lemonade coffee tea ice-cream icecream
        broccoli carrot carrots potato potatoes tomato tomatoes apple apples pineapple
        mayonnaise mustard yoghurt muffin cupcake milkshake
    """),
    "household": _words("""
        toaster sofa umbrella toothbrush toothpaste shampoo fridge refrigerator teapot teapots spoon
        spoons pillow blanket slippers shoe shoes sock socks hat hats bicycle bicycles
        trousers vacuum hoover microwave kettle lamp chair chairs doorknob lawnmower washing-machine
        hairdryer skateboard trampoline balloon balloons
    """),
    "play": _words("""
        football tennis guitar piano golf basketball baseball ballet karaoke bowling monopoly lego
        yoga netflix disneyland circus disco trombone banjo
    """),
}
FICTION_STEM = _pattern(r"""
    characters? | films? | movies? | novels? | stor(?:y|ies) | tales? | myths? | mytholog\w+
    legends? | ballets? | operas? | cartoons? | comics? | tv | television | folklore | poems?
    plays? | fictional | sagas? | fairy | creatures? | literary | heroes | hero | video games?
    singers? | songs? | albums? | actors? | actress | football\w* | players? | musicians?
    celebrit\w+ | bands? | athletes? | companies | company | flags? | coat of arms | symbols?
    brands?
""")
EVERYDAY_STEM = _pattern(r"""
    eat(?:s|en|ing)? | foods? | drinks? | cand(?:y|ies) | fruits? | vegetables? | cook\w*
    kitchen | cloth(?:es|ing) | wear(?:s|ing)? | worn | household | items?
    (?:which|everyday|household) objects? | tools?
    animals? | pets? | games? | sports? | instruments? | dish(?:es)? | meals? | diets? | calories
    nutrients? | crops? | plant family | family | farm(?:s|ers)? | imported? | exports? | goods
    traded? | shops? | products? | inventions? | invented
""")
CALENDAR_STEM = _pattern("when | days? | date | weekday | schedule")
NUMBER_EXCUSES = re.compile(
    r"infinit|undefined|cannot|can't|impossible|error|none|nothing|no (?:change|solution|limit)"
    r"|no roots?|indeterminate|unknown|not |never|half|double|twice|same|equal|once|depends|null"
    r"|nan|nil|exception|hundred|thousand|million|^(?:all|zero|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty)\b",
    re.IGNORECASE,
)

# --- Length --------------------------------------------------------------------------------

WINDOW_DRESSING = _pattern(r"""
    as (?:we|you) (?:all )?(?:well )?know | as everyone knows | needless to say
    it goes without saying | it is (?:interesting|important|worth) (?:to note|noting)
    it should be noted | due to the fact that | in (?:spite|light|view) of the fact that
    at this point in time | for the purposes? of this question | for all intents and purposes
    please (?:think|read|consider|take)(?: \w+)? (?:carefully|your time|time) | bear in mind
    in this day and age | it is (?:a )?(?:well|widely|commonly)[ -]known(?: fact)?
    interestingly enough | since time immemorial | throughout (?:human )?history
    in today's (?:modern |fast-paced )?world | when all is said and done | think carefully
    in the final analysis | from the dawn of
    as (?:you|we)(?: \w+){0,3} (?:remember|recall|learn(?:ed|t)|discussed|studied|covered)
    (?:from|in) (?:our|the) (?:(?:very )?first|last|previous) (?:lessons?|lectures?|class|chapter)
    each and every | first and foremost | the fact of the matter
""")

# --- Contested claims ----------------------------------------------------------------------

CONTESTED = _pattern(r"""
    terrorists?(?! (?:attacks?|violence|acts?|threats?|activity|activities|offences?)\b)
    bandits? | thugs? | traitors? | warmongers? | aggressors? | freedom fighters? | henchmen
    lackeys?
    puppet (?:states?|governments?|regimes?|rulers?|presidents?|leaders?|republics?|parliaments?)
    sham (?:elections?|referend(?:um|ums|a)|trials?|votes?|democracy) | rogue states?
    (?:rigged|stolen) (?:elections?|votes?|referend(?:um|ums|a)) | evil empire | usurpers?
    (?:elections?|votes?) (?:was|were) (?:rigged|stolen) | illegitimate | unprovoked | dictators?
    tyrants? | so-called | coups?(?! de (?:gr|th|ma|fou)) | putsch | war criminals? | extremists?
    fanatics? | bloodthirsty | despots? | neo-?nazis? | genocidal | naked aggression
    agents? of (?:foreign|the west|moscow|washington) | kleptocrats? | oppressors?
""")
NAMED_REGIME = re.compile(r"\bregime(?= (?:in|of) [A-Z])|(?<=[a-z] )[A-Z]\w+ regime\b")
CONTESTED_IN_POLITICS = _pattern(r"""
    regimes? | illegal(?:ly)? | unlawful(?:ly)? | legitimate(?:ly)? | rightful(?:ly)?
    liberat(?:e|ed|es|ing) | justified | justifiabl[ey] | genocide | aggression against
    oppress(?:ed|es|ive) | fascists? | puppets? | unjust(?:ly)? | denazif\w+
    (?:rightly|wrongly) | brutal(?:ly)? | heroic(?:ally)? | cowardly | barbaric | shameful(?:ly)?
    (?:staged|orchestrated|engineered|instigated|masterminded|fomented) by
    treacherous(?:ly)? | betray(?:ed|al) | undemocratic | historic(?:al)? lands?
    artificial (?:state|country|nation|creation) | tyrannical | despotic | meddl(?:ed|es|ing)
    hooligans? | stooges? | cronies
""")
POLITICS = _pattern("""
    governments? | presidents? | presidency | troops | army | armies | militar(?:y|ies)
    elections? | invasions? | invad(?:e|ed|es|ing) | wars? | parliaments? | ministers? | kremlin
    moscow | washington | kyiv | kiev | beijing | nato | csto | sanctions? | referend(?:um|ums|a)
    protest(?:s|ers?|ors?)? | opposition | annex(?:ed|ation|es) | territor(?:y|ies|ial)
    sovereignty | uprisings? | rebellions? | west(?:ern)? | russian? | ukrain(?:e|ian) | crimean?
    china | chinese | israeli?s? | palestin(?:e|ian)s? | syrian? | assad | taliban | iraq
    iran(?:ian)? | american?s? | british | french | allied | allies | kazakh(?:stan|s)? | tokayev
    putin | lukashenk[ao] | zelensky+ | colonial | borders? | authorities | rulers? | leaders?
    politicians? | party | occupation | intervention | takeover | airstrikes? | strikes?
    attack(?:s|ed)? | settlements? | armed | alliance | its people | city | cities | towns?
    country | nations? | blockade | islands? | kashmir | taiwan | donbas | separatists?
    militias? | forces | regime change | authoritarian | citizens | independence | seiz(?:ed|ure)
    secession
""")
HARMLESS = _pattern("""
    multi-?armed bandits? | bandit (?:problems?|algorithms?) | one-armed bandits?
    (?:flow|thermal|hydrological|fire|temperature|rainfall|climate|pressure|turbulent) regimes?
    (?:laminar|exercise|training|dosage|drug|treatment|diet(?:ary)?|exchange[- ]rate) regimes?
    (?:tax|legal|trade|visa|sanctions?|inspection|licensing) regimes?
    regime of (?:rainfall|the river|flow)
    illegal (?:move|instruction|argument|state ?exception|character|operation|value|identifier)s?
    illegal (?:drugs?|access|logging|fishing|hunting|parking)
    puppet (?:theatres?|shows?|masters?) | anti-?terrorists? | counter-?terrorists?
    terrorist (?:financing|content) (?:law|act|rules?|regulations?|directive)
    justified (?:text|margins?|true belief) | left-justified | dictator games? | roman dictators?
    legitimate (?:traffic|e-?mails?|users?|requests?|interests?|expectations?) | coup(?=')
    illegally (?:obtained|seized|gathered) | three stooges | genocide convention
    (?:rwandan|armenian) genocide | crime of genocide | legitimate aim | illegal immigration
    heroic (?:couplets?|age|verse|poems?|epic) | hostile (?:takeovers?|witness)
    (?:nazi|apartheid|ancien) regime | unlawful killing | unlawful dismissal
    anti-fascists? | brutal(?:ism|ist)
""")
ATTRIBUTION = _pattern(r"""
    according to | sa(?:y|ys|id|ying) | claim(?:s|ed|ing)? | argu(?:e|es|ed|ing|ment|ments)
    call(?:s|ed|ing)?(?! (?:for|up|off|on|in|out|upon|together|back)\b)
    describ(?:e|es|ed|ing) | descriptions?
    alleg(?:e|es|ed|edly|ing|ation|ations) | accus(?:e|es|ed|ing|ation|ations)
    assert(?:s|ed|ing|ion)? | maintain(?:s|ed) | insist(?:s|ed|ing)? | consider(?:s|ed|ing)?
    regard(?:s|ed)? (?:\w+ ){1,6}?as | regarded | label(?:s|l?ed|l?ing)? | termed | the term
    (?:which|what) terms?
    denounc(?:e|es|ed|ing) | condemn(?:s|ed|ing)? | portray(?:s|ed|al)?
    characteri[sz](?:e|es|ed|ation|ing) | believ(?:e|es|ed) | blam(?:e|es|ed)
    (?:spoke|speaks?|spoken|speaking|talk|talked) (?:of|about)
    in the (?:eyes|view|words|opinion|reading|language|account) of
    in (?:\S+ ){1,4}?(?:eyes|view|words|opinion|reading|account|telling)
    \w+(?:'s|’s|s'|s’) (?:view|words|opinion|reading|account|claim|argument|phrase|label|verdict)
    \w+(?:'s|’s|s'|s’) (?:language|rhetoric|charge|justification|narrative|term|speech|statement)
    \w+(?:'s|’s|s'|s’) (?:interpretation|assessment|picture|version)
    purported(?:ly)? | supposed(?:ly)? | self-(?:declared|proclaimed|styled)
    declar(?:e|es|ed|ing) | stat(?:es|ed|ing|ement) that | stated | wr(?:ote|ites|iting|itten)
    put it | puts it | s(?:aw|ees?|een) (?:\w+ ){1,6}?as | seen as | viewed as
    views? (?:\w+ ){1,6}?as | viewed | present(?:s|ed)? (?:\w+ ){0,6}?as
    refer(?:s|red|ring)? to | brand(?:s|ed|ing) | depict(?:s|ed|ing|ion)? | dismiss(?:es|ed)
    reject(?:s|ed) | deni(?:es|ed) | deny(?:ing)? | disput(?:e|es|ed) | contested | controversial
    report(?:s|ed|edly) | announc(?:e|es|ed) | words? | phrase | author(?:'s|’s)? | article
    think(?:s|ing)? | thought | opinion | judg(?:e|es|ed)
    treat(?:s|ed)? (?:\w+ ){1,6}?as | accounts? of | narratives? | rhetoric | propaganda
    designat(?:e|es|ed|ion|ing) | classif(?:y|ies|ied)
    justif(?:y|ies|ication) | found that | rul(?:ed|ing) that | concluded
    cast(?:s|ing)? (?:\w+ ){1,5}?as | fram(?:e|es|ed|ing) | suggest(?:s|ed)? | warn(?:s|ed)?
    allud(?:e|es|ed) | mention(?:s|ed)? | complain(?:s|ed)? | point(?:s|ed)? to | define[sd]?
    definition | whether | how would | attribut(?:e|es|ed) | in quotation marks | hold(?:s)? that
    held that | reading of
""")
BEFORE_LIVING_MEMORY = re.compile(r"\b(?:1[0-8]\d\d|19[0-4]\d|\d{1,3} bc|[1-9]\d{0,2} ad)\b")
