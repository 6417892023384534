"""The words that candidates are judged by: verbs, function words, and weak nouns.

Every table is general: it holds for any product, and names nothing that one product is about.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


MAKING = _set(
    """
    add apply approve archive arrange assign attach authorize award bill block book buy cancel
    capture charge complete compose confirm connect create customize define delete deny design
    discard draft duplicate earn edit enroll enter export favorite favourite file fill finalize
    finish flag follow generate give grant host import insert invite invoice issue join keep
    launch leave link list log make manage mark merge modify moderate move offer open order own
    pause pay plan place post produce provide publish purchase queue raise rate receive record
    redeem register reject release remove rename rent renew reorder reply report request
    reschedule reserve resolve restore return revoke save scan schedule schedules sell send set
    share sign start stop store submit subscribe suspend sync tag track transfer trigger update
    upgrade upload validate verify vote withdraw write
    """
)
"""What people do to things that are then remembered, changed, or ended."""

SEEING = _set(
    """
    access accept analyze assess browse calculate check choose click compare detect discover
    display download evaluate examine explore filter find get group identify inspect monitor
    navigate notify pick preview process read recommend retrieve review search see select show
    sort suggest summarize swap switch tap use view visit watch want need have
    """
)
"""What people do with things that are there already."""

OTHER_VERBS = _set(
    """
    achieve act adapt adjust afford aim alert align allow appear arrive ask assist authenticate
    automate avoid become begin believe belong bring build call calls can catch cause change
    clarify clear close collect combine come communicate complain compress consider contact
    contain continue contribute control convert cook copy cover cross decide decline deliver
    depend describe develop differ disable disappear discuss distribute do drag drive drop eat
    embed enable encounter encourage end engage enjoy ensure establish exceed exclude exist exit
    expand expect experience expire explain express extend extract facilitate fail fall feed
    feel fight fire fit fix focus force forget format gain gather go grab grow guide handle
    happen hear help hide highlight hit hold implement improve include increase indicate inform
    initiate input integrate interact intervene involve isolate know land last lead learn lend let
    lift limit live load locate log login logout look lose lower maintain match maximize mean
    measure meet mention minimize miss mirror multiply name navigate negotiate notice observe
    occur onboard operate optimize organize overwhelm override participate pass perform persist
    plan play populate power prefer prepare present press prevent prioritize proceed promote
    prompt protect pull push put ratify reach react realize recall recognize reduce redirect
    reflect refuse regenerate relax rely remain remember remind repeat replace represent require
    reset respond result retry reuse reveal run satisfy say scale scope scroll seek seem serve
    settle setup shift should sit skip solve speak specify spend split stay store struggle
    succeed support surface take talk target teach tell test think throw toggle touch train
    travel trust try turn type understand unlock view wait walk warn waste welcome win work
    worry yield
    """
)

NOUNS_TOO = _set(
    """
    access act alert award badge bid bill block book call cause change charge check click
    comment contact contract control copy design display draft drive end exercise experience
    export feed file filter focus form format function goal group guide host import input invite
    invoice issue job label lead limit link list load log mark match measure message model move
    name note notice offer order permit place plan play post power price process produce profile
    program project purchase queue quote race rank rate rating record release rent reply report
    request reserve reset result return review reward run sale sample scale scan schedule scope
    score search sense set share shift sign slot snapshot sort source split stage state step
    stock store stream study survey switch tag target task template test ticket tie time top
    track trade train transfer type update upgrade upload value view visit vote
    """
)
"""Verbs that are nouns as often: their neighbours decide."""

DETERMINERS = _set(
    """
    a an the this that these those my your his her its our their each every any some all both
    several many multiple various another other either neither no one two three four five six
    seven eight nine ten single few more most additional individual existing new first second
    third last next previous own same different specific particular certain available current
    available relevant
    """
)

PREPOSITIONS = _set(
    """
    of in on at by for from with without to into onto over under between among against across
    through during before after about via per within upon until since toward towards around
    behind beyond near off out up down as than like including regarding despite throughout above
    below inside outside besides except vs versus
    """
)

PRONOUNS = _set(
    "i you he she it we they who which what whom whose someone everyone anyone nobody user's one's"
)

FUNCTION = (
    DETERMINERS
    | PREPOSITIONS
    | PRONOUNS
    | _set(
        """
        am is are was were be been being has have had having do does did done doing can could
        may might must shall should will would cannot can't don't doesn't didn't won't isn't
        aren't i'm i'd i've it's that's there's they're we're you're let's and or but nor so yet
        if then else when while where why how because although though unless whether once not no
        yes me him us them myself himself herself itself themselves yourself there here now then
        ever never always often sometimes usually again also too very just only even still
        already soon later today tomorrow yesterday well back away together apart instead rather
        quite almost maybe perhaps please thus hence however therefore otherwise e.g i.e eg ie
        etc such much lot lots less least enough else whatever whenever wherever however ready
        sure able unable according due based ago forth onwards upfront right left anything
        everything something nothing zero dont doesnt cant wont im ive automatically following
        none what's twice thrice
        """
    )
)

ADJECTIVES = _set(
    """
    active actual advanced anonymous appropriate automatic average basic best better big bigger
    brief bright broad busy careful cheap clean clear clever close cold common complete complex
    comprehensive confident consistent correct critical custom daily dark dead deep default
    dependent detailed difficult digital direct dynamic early easy effective efficient empty
    enough entire equal exact excellent exceptional expensive expert extra fair false familiar
    famous fast favorite favourite final fine flat flexible formal free frequent fresh friendly
    full functional future general generic geographic global good great guided half happy hard
    healthy heavy helpful hidden high higher historical hot huge human ideal immediate important
    impossible inactive independent initial inline instant intelligent interactive internal
    intuitive invalid key large larger late latest light limited linked little live local long
    longer low lower main major manual mature medium mid minimal minimum maximum minor missing
    mobile modern monthly mutual native natural necessary negative nice normal null obvious
    offline old older online open optional original overall overhead parallel partial past
    pending perfect personal physical popular positive possible potential powerful premium
    primary prior private professional proper public quick random rapid rare raw real realistic
    recent red regular related relative reliable remote responsive rich rough round safe
    satisfied seamless secondary secure selected separate serious shared short short-term
    significant similar simple slow small smaller smart smooth social soft solid special stable
    standard static strict strong structured subsequent successful sudden suitable super
    thorough tight tiny top total traditional transparent true typical unclear unique unknown
    unlimited unread upcoming urgent useful usual valid valuable virtual visible visual warm
    weak weekly whole wide worst wrong yearly yellow young annual quarterly upper overdue
    """
)

ADJECTIVE_ENDINGS = ("able", "ible", "less", "ous", "ful", "wide", "like", "ish")

UNCOUNTED_ENDINGS = (
    "ness",
    "ity",
    "ism",
    "ship",
    "ency",
    "ance",
    "ence",
    "acy",
    "ing",
    "tude",
    "hood",
    "age",
)
"""Endings of nouns that are mostly qualities or doings."""

TEMPLATE = _set(
    """
    acceptance action actor assumption background because benefit capability context criteria
    criterion delight description emotion epic example experience feature feeling flow friction
    functionality given goal happy impact implementation implication journey kpi metric mvp need
    note objective outcome overview pain path persona phase point potential priority problem
    proposition rationale requirement response result risk scenario scope section solution
    specification stage step story success summary then thing title trigger typically value when
    workflow entity question answer edge case reference fr nfr behavior behaviour
    """
)
"""Words of the templates that journeys are written in."""

TEMPLATE_PHRASES = _set(
    """
    user-action system-response user-feel value-delivered potential-friction success-metric
    pain-point user-story user-journey user-experience user-flow happy-path acceptance-criterion
    edge-case user-type key-entity core-value success-criterion journey-step friction-point
    user-input system-behavior system-behaviour user-need what-happen error-state next-step
    functional-requirement
    """
)

INTERFACE = _set(
    """
    animation app application area background banner bar browser button calendar card checkbox
    chart click color colour column component console content cursor dashboard desktop device
    dialog display dropdown editor element field filter footer form frame grid guidance header
    heading home homepage icon image indicator interface key keypad label layout line link logo
    map menu modal mode navigation option page panel pane picker platform popup portal preview
    progress prompt screen scroll section sidebar site slider software spinner state status
    system tab table tablet template text theme toggle toolbar tool tooltip ui url version view
    visualization webpage website widget window zone list interface laptop phone graph
    """
)
"""Words of screens and devices."""

TECHNOLOGY = _set(
    """
    ai api async auth authentication authorization aws backend cache client cloud code crud csv
    css database db devops docker email endpoint engine error feed format frontend gps
    hosting html http https integration infrastructure ip ios javascript json jwt library llm
    localhost log md middleware microservice model mp3 namespace oauth online pdf png jpg jpeg
    webp svg postgres postgresql protocol query redis rest runtime s3 schema script sdk security
    server service software sql sso ssr stack storage stripe sync tech technology token
    trigger ts tsx typescript uuid web webhook websocket xml python react android sms otp id crm
    erp pos
    """
)

ATTRIBUTES = _set(
    """
    address amount availability average bio capacity caption category city color colour cost
    count country currency data date day deadline description detail details distance duration
    email end font gender height hour id info information kind language length level limit
    limitation location method minute month mode name note number option order password percent
    percentage phone pin position preference price quality quantity range rank rate ratio reason
    region role score second sequence set severity size slug sort sound speed state status style
    subtitle sum tax text threshold time timestamp title total type unit username value version
    volume week weekday weight width year zip
    """
)
"""Words that are columns more often than tables."""

VAGUE = _set(
    """
    ability access activity aspect attempt attention awareness basis bit care case chance choice
    communication community concern confidence confirmation consideration control convenience
    creation decision delivery desire difficulty discovery ease effort efficiency engagement
    evidence fact fail failure focus food freedom fun function growth help history idea
    inspiration insight interaction interest issue kind knowledge lack life look management
    manner matter maximum meaning means mind moment money need onboarding opportunity overload
    part people performance person place pressure privacy process processing program progress
    purpose quality reach reading relief responsibility retention rest sense side sign situation
    sort start success support term test thought thing time today top transparency trouble trust
    try upgrade usage use validation variety visibility way work world word everything lot setup
    access login logout signup registration minute second hour day week month year weekend night
    morning evening afternoon today january february march april june july august september
    october november december monday tuesday wednesday thursday friday saturday sunday example
    """
)

SCOPING_HEADS = _set(
    """
    account archive card catalog catalogue data database detail details directory entry form
    history id info information list management name number overview owner page profile queue
    record request screen search section setting settings status type view dashboard table row
    field button model object entity creation update
    """
)
"""After an entity's name ("invoice list", "invoice status") they say that it is one."""

CALLED_AS_PEOPLE = _set(
    """
    barrier bumper cellar chamber chapter character charger corner counter cover cylinder door
    drawer dryer elevator engine escalator filter flavor flavour floor flyer folder freezer harbor
    indicator layer ledger letter lever locker lumber marker matter meter mirror monitor motor
    number order paper parlor poster powder printer projector provider quarter radiator reactor
    refrigerator reminder river router scanner sensor server shelter shower sticker sweater
    thermometer timer tower trailer transformer voucher water weather whoever winter
    """
)
"""Nouns that end as words for people do, and mean none."""

PERSON_ENDINGS = ("er", "or", "ist", "ant", "ian", "ee")

SYNONYMS = {
    "admin": "administrator",
    "app": "application",
    "catalogue": "catalog",
    "colour": "color",
    "config": "configuration",
    "doc": "document",
    "e-mail": "email",
    "enquiry": "inquiry",
    "favourite": "favorite",
    "info": "information",
    "labour": "labor",
    "licence": "license",
    "mail": "email",
    "msg": "message",
    "org": "organization",
    "organisation": "organization",
    "photograph": "photo",
    "pic": "photo",
    "picture": "photo",
    "preferences": "preference",
    "programme": "program",
    "qty": "quantity",
    "repo": "repository",
    "spec": "specification",
    "timeslot": "time slot",
}
"""Spellings, short forms, and plain synonyms, each with the word it is folded into."""

KEPT_FORMS = _set(
    """
    access address alias analysis analytics basis bonus bus business campus canvas census class
    chess compass congress corps cosmos data diagnosis feedback focus gas gps glass grass guess
    https ios kudos less lens media mess miss news pass people plus press process progress
    series sms species staff status stress success tennis thesis virus vs wireless
    aws address css dns tls rls kubernetes
    """
)
"""Words that end like plurals and are none, and plurals that people use as singulars."""
