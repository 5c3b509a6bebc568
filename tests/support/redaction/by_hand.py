"""Sentences written by hand in many voices, with marks: statements, messages, notes, slips, capitals."""

SENTENCES = (
    # statements
    "I am {party:Siân Mari O’Brien-Jones} of {party:Flat 2, 14 Acacia Avenue}, and I make this "
    "statement of my own free will.",
    "My neighbour {party:Mrs Wójcik} at number {party:16} saw it all from her kitchen.",
    "I have known {party:Billy Rose} since we were at school together and we called him {party:Bilbo}.",
    "He said his name was {party:William} but his friends call him {party:Will}.",
    "She lives with her mum, {party:Grace}, and her nan on {party:Acacia Avenue} in {party:Bedminster}.",
    "The only other people there were {party:Mohammed} and a lad I know as {other:Spud}.",
    "I was born on {party:3rd March 1997} and was {party:16 years old} when this happened.",
    "My date of birth is {party:03.03.97} and my phone is {party:07700 900 123}.",
    "I do not wish {party:Rose}'s family to know where I live.",
    "The man with {party:O'Brien-Jones} was {other:Callum}, who I think is her boyfriend.",
    "He works behind the bar at the {party:Red Lion} and used to be at {party:Premier Stores}.",
    "They are {deep:the only Tongan family in the village}, so everybody knows who I mean.",
    "She is {deep:the vicar's daughter} and he is {deep:the one with the burnt face}.",
    # messages
    "wots up {party:will} did u hit {party:sian}? {party:mo} says u did lol",
    "tell {party:rose} i no where he lives {party:heol y bont} innit",
    "add me on snap {other:xx_killa_beez_xx} or ring {phone:07700900899}",
    "{party:shaz} is a grass, ask {other:keisha} or {other:dwayne}",
    "my insta is {handle:@lil.shaz_97} and my snap is {handle:shazzababe97}",
    "omg {party:sian}!!! {party:bilbos} van is outside {vehicle:wx13yzb}",
    "im at {address:22 station rd} come now {party:w.rose} is kicking off",
    "dont tell {other:dafydd} but {party:angharad} said it was {party:jean-luc}",
    "he goes by {other:T-Dog} and hes from {other:Hartcliffe}",
    "soz {party:grace}, {party:Seun} only meant it as a joke xx",
    # officers' notes
    "1) IP {party:O'BRIEN-JONES} 2) SUSP {party:ROSE} 3) WIT {party:AL-RASHID}, all spoken to.",
    "{number:4821} PC {party:CLARKE} o/s {date:01/06/13} re log {reference:123}, no o/s enqs.",
    "Spk to {party:W.R.} on phone {phone:07700 900321}, denies, {party:S.O.J.} adamant.",
    "DOB {date:24/12/81}, PNC {reference:03/62845E}, no WM.",
    "Veh {vehicle:P123 KLT} seized, keys to PS {number:219} {other:Grewal}.",
    "OIC {party:Clarke} to call back IP on {party:0117 496 0123} after rest days.",
    "{party:ROSE} DENIES BEING THERE. HE SAYS HE WAS AT HIS MUM'S IN {party:LLANDYSUL}.",
    "THE VICTIM STATED THAT {party:WILLIAM ROSE} OF {party:HEOL Y BONT} CAME AT HER WITH A BOTTLE",
    "seen at {address:flat 3}, {address:12a gloucester road}, {postcode:bs78aa} re {reference:52130012345}",
    "Ref CAD {reference:1234/03MAR19}, suspects {party:Rose} & {other:Pritchard}, both m, white.",
    # slips of the pen and of the ear
    "{party:Wiliam Roes} told {party:Sain} that {party:Mohamed} would get him.",
    "The suspect, {party:Willaim}, was seen by {party:Malgorzta} and {party:Oluwasuen}.",
    "{party:Steven Clark} the officer was told by {party:Angharrad} what she saw.",
    "It was {party:Nguyan} who phoned, or {party:Nguyn}, I could not hear.",
    "{party:Shan O Brien Jones} signed the form.",
    "Spoke to {party:Adabayo} at the door.",
    # Welsh, and names of many cultures
    "Dywedodd {party:Siân} wrth {other:Gwenllian ferch Owain} fod {party:Rose} yno.",
    "{other:Rhodri ap Iorwerth} of {address:Ffordd Penglais} knows {party:Angharad ferch Rhys}.",
    "{other:Nguyễn Thị Lan} is the aunt of {party:Grace May Nguyễn}.",
    "{other:Siobhán Ní Dhomhnaill} and {other:Aodhán} were in the car.",
    "{other:Ekaterina Ivanovna} and {other:Владимир} live above {party:Wójcik}.",
    "{other:王小明} works with {other:Nkiruka Chukwuemeka-Obi}.",
    "{other:Jaswinder Kaur} is a friend of {party:Jean-Luc de la Croix}.",
    "{other:D'Angelo O'Shaughnessy-M'Bala} gave a false name.",
    "The landlord is {other:Sheikh Abdul-Rahman bin Yusuf}.",
    "{other:Björk}, {other:Åsa} and {other:Zoë} were with {party:Seun}.",
    # hidden letters
    "J\u200bust ask {party:Wil\u200bliam R\u00adose} about {party:Ｗｉｌｌｉａｍ}.",
    "{party:Wіllіam} and {party:ROЅE} are one man, and {party:𝐑𝐨𝐬𝐞} as well.",
    "Ring {party:０７７００ ９００１２３} or {phone:٠٧٧٠٠ ٩٠٠٤٥٦} or "
    "zero one one seven: {number:oh one one seven four nine six}.",
    "It is spelt {party:R-O-S-E}, he said, {party:W I L L I A M}.",
    "See {party:W🅸LLIAM} 👍 tomorrow.",
    # words that are names
    "{other:Mark} and {other:Rose} met {other:Penny} by the gate, and {other:Dean} was late.",
    "{other:Hunter} said {other:Faith} would be there in {date:May 2013}.",
    "The {other:Black Horse} is next to {other:Costa} and {other:Brook House}.",
    "We met at {other:Saint Peter}'s and then at the {other:King Billy}.",
    # where somebody was
    "It happened at {coordinates:ST 587 725}, or {coordinates:///filled.count.soap} on his phone.",
    "The goods were left at {address:The Old Forge}, {address:Mill Lane}, {other:Compton Dando}.",
    # plain sentences, in which nothing should be hidden
    "The victim was asked what would put it right, and said that an apology would be enough.",
    "He stated that he had been drinking, that he was ashamed, and that it would not happen again.",
    "She did not want him to have a criminal record, and both of them shook hands at the end of it.",
)
