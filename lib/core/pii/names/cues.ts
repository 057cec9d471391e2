/** Words that make a neighbour more or less of a name. All folded. */
const set = (words: string): Set<string> => new Set(words.trim().split(/\s+/));

/** Stand before a name and belong to it. */
export const TITLES =
  set(`mr mrs ms miss mx mister dr doctor prof professor sir dame lady lord rev reverend father sister brother
  capt captain sgt sergeant lt lieutenant col colonel gen judge justice senator sen rep president hon herr frau hr fr mme madame
  mlle monsieur sr sra srta senor senora don dona signor signora sig dott ing mevrouw meneer dhr mevr pan pani sri shri smt
  ustad imam rabbi sheikh aunt auntie uncle grandma grandpa nurse officer detective inspector king queen prince princess pope`);
/** Titles that are as often plain words: they count only before a capital, never alone. */
export const LOOSE_TITLES = set(
  `father sister brother gen justice president pan don king queen prince princess nurse officer fr sr rep sig ing hr`,
);

/** Before a name in speech: "this is Mara", "my name is", "ask Mara". */
export const BEFORE_STRONG =
  set(`im i'm named called surname forename name nickname namens heisse heiße signed sincerely regards cheers attn
  attention c/o cc bcc user customer client patient tenant guest passenger employee caller colleague author reviewer assignee
  reporter contact recipient sender owner spouse wife husband son daughter mother mom mum dad boss manager landlord
  applicant candidate beneficiary cardholder holder payee subscriber`);
export const BEFORE_WEAK =
  set(`hi hello hey dear thanks thank thx ask tell told call called phone text message email meet met with by from for to
  and or & hallo hola bonjour salut liebe lieber sehr ciao bye goodbye invite invited contacted contact remind reply replied
  cc assign assigned ping pinged according said says asked emailed messaged welcome congratulations bei fur für von an mit`);
/** After a name: people do these things. */
export const AFTER =
  set(`said says asked told wrote writes replied thinks thought wants wanted called calls lives lived works worked
  married died born signed sent bought ordered booked needs was is has had will would can says joined left met
  explained added announced confirmed`);

/** Between the parts of one name, in lower case or capital. */
export const PARTICLES =
  set(`van der den de del della di da dos das do du la le von zu zum zur vom ten ter el al bin ibn binti abu af av
  y san santa mac o st ben bar`);

/** End or make up names of things: a run that holds one is no person. */
export const ORG_WORDS =
  set(`inc ltd llc plc gmbh ag corp corporation co company group holdings bank university college school institute
  hospital clinic church society association foundation council committee ministry department agency club team fc united
  airlines airways railway records studios media press news times post journal magazine museum library theatre theater hotel
  restaurant cafe bar pub shop store market party union league cup championship festival award awards prize act treaty
  army navy police court parliament senate congress government office center centre services systems technologies
  solutions software labs partners capital insurance pharma motors foods industries international global`);
export const LEGAL_FORMS = set(
  'inc ltd llc plc gmbh ag corp corporation holdings oy ab sarl bv nv srl spa kg ohg limited',
);
export const PLACE_WORDS =
  set(`street st road rd avenue ave lane ln drive dr court ct place pl square sq boulevard blvd way row hill park rivers river hills parks park cliffs point dock docks playfield grove green cottage farm mills mill manor view meadows meadow
  lake mount mountain island islands bay beach valley forest bridge station airport county city town village district province
  state region north south east west northern southern eastern western central upper lower new fort port cape strasse straße
  str platz weg allee rue gate gardens garden close crescent terrace heights house hall tower castle palace church cathedral turnpike
  creek ridge canyon desert sea ocean coast isle falls springs`);
/** Capitalised by rule, never part of a name. */
export const NOT_NAMES =
  set(`monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
  october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec
  english french german spanish italian chinese japanese russian american british european african asian indian canadian
  australian dutch swedish irish scottish welsh turkish polish greek arabic portuguese korean hindi latin roman catholic
  christian muslim jewish buddhist islamic christmas easter i ok okay yes no the a an of and or but not this that these those it
  he she we you they my your his her our their me him us them what when where who why how which while if then there here
  also because so as at by for from in into on onto to with without after before about above over under up down out off
  again all any both each few more most other some such only own same than too very can could would shall should may
  might must do does did done has have had having is are was were be been being am let lets please thanks thank hello hi hey dear
  sorry sure well now just still however although though since until unless yet once first second third last next new old
  good great best bad user assistant system human ai bot agent customer admin support service team error warning note info todo fixme
  python java javascript typescript ruby rust perl kotlin swift docker linux windows android google microsoft amazon apple
  facebook twitter instagram youtube netflix openai anthropic claude gemini llama mistral gpt chatgpt copilot alexa siri
  github gitlab slack zoom stripe paypal visa mastercard oracle azure redis kafka kubernetes jenkins terraform ansible jira
  internet web http https html css json xml sql api url pdf csv usb cpu gpu ram ssd tv pc mac ios app id ip db qa ui ux hr it
  america africa europe asia australia antarctica scandinavia oceania arabia britain england scotland wales ireland brittany
  saint st ste les american-statesman story show band album movie film song series episode season tour live official video
  monde dollar euro pound north south east west god lord jesus bible quran times roman mr mrs ms dr st vs etc re fwd fw
  true false null none undefined string number boolean object array function class return import export const let var`);

/** Labels, headings and words of code and commands: a hit that is nothing else is no name, whoever says so. */
export const LABEL_WORDS =
  set(`name fax iban bic dob gps ssn mrn vat telefon telephone phone mobile tel email mail address city street country state zip postcode
  number card account order customer key code module select update set insert delete where values table step question answer
  subject date status title type action input output result summary section chapter figure page file folder settings menu
  save open close submit cancel start stop run build test release version issue ticket request response
  sir madam bot st southern northern eastern western`);
