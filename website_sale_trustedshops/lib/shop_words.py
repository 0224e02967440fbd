# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Words on the pages of a shop, by language.

They are regular expressions for text in small letters with single blanks. The words are
those of Directive 2011/83/EU (with Article 11a of Directive (EU) 2023/2673) in each
language, and those that shops use.

Names of pages, in texts and addresses of links: ``identity`` (else ``contact``),
``privacy``, ``withdrawal`` (instructions), ``function`` (to withdraw from a contract
online), ``shipping``, ``payment``, ``terms``. Words in texts: ``period`` (in which to
withdraw), ``model_form`` (its own words), ``free`` (shipping), ``area`` (of
delivery), ``tax``, ``plus_shipping``, ``delivery_time``, ``means`` (of payment),
``order`` (button).
"""

# Up to four words between two of ours; no word among them may mean the contrary.
_GAP = (
    r"(?: (?!(?:ohne|keine[rn]?|nicht|zzgl|zuzüglich|exkl|bez|nie|without|no|not|excl"
    r"|excluding|plus)\b)[^ ]+){0,4}? ?"
)
_DAYS = r"\d+ ?(?:[-–—]|do|bis|to|a|à|al|tot) ?\d+ ?"

WORDS = {
    "de": {
        "identity": r"impressum|anbieterkennzeichnung",
        "contact": r"^kontakt",
        "privacy": r"datenschutz",
        "withdrawal": r"widerrufs(?:belehrung|recht|formular)|^widerruf$|rückgaberecht",
        "function": (
            r"^(?:hier |jetzt |online )?(?:(?:den |ihren |meinen )?(?:vertrag|kauf)"
            r"|(?:die |ihre |meine )?(?:verträge|bestellung))"
            r" (?:hier |jetzt |online )?widerrufen$"
            r"|^widerruf (?:hier |jetzt |online )?erklären$"
        ),
        "shipping": r"versand|liefer(?:ung|kosten|bedingungen)",
        "payment": r"zahlung|bezahl",
        "terms": r"\bagb\b|geschäftsbedingungen",
        "period": r"(?:vierzehn|dreißig|\b\d\d) tage",
        "model_form": r"hiermit widerrufe",
        "free": r"kostenlos|kostenfrei|gratis|versandkostenfrei",
        "area": r"weltweit|europaweit|innerhalb (?:der eu|europas|deutschlands)",
        "tax": (
            rf"\b(?:inkl\.?|inklusive|einschl\.?|einschließlich|enthält){_GAP}"
            r"\b(?:mwst|ust|mehrwertsteuer|umsatzsteuer|steuern?)\b"
            r"|\b(?:mwst|ust|mehrwertsteuer|umsatzsteuer)\b\.? (?:ist |sind )?"
            r"(?:inbegriffen|enthalten|inklusive|inkl)"
        ),
        "plus_shipping": (
            r"\b(?:zzgl\.?|zuzüglich|plus) ?(?:[^ ]+ ){0,2}versand"
            r"|\b(?:inkl\.?|inklusive) (?:(?:\d+ ?% )?(?:mwst|ust)\.? und )?versand"
            r"|versandkostenfrei(?! ab)"
        ),
        "delivery_time": (
            rf"lieferzeit|{_DAYS}(?:werk|arbeits|geschäfts)?tage|sofort lieferbar"
            r"|lieferung (?:in|innerhalb|bis|zwischen|am) |innerhalb von \d+ \w*tag"
        ),
        "means": (
            r"vorkasse|überweisung|auf rechnung|rechnungskauf|kreditkarte|lastschrift"
            r"|nachnahme"
        ),
        "order": (
            r"(?:zahlungs|kosten)pflichtig(?:en vertrag)? (?:bestellen|abschließen)"
            r"|^(?:jetzt )?kaufen$"
        ),
    },
    "pl": {
        "identity": (
            r"dane (?:firmy|sprzedawcy|kontaktowe|rejestrowe|przedsiębiorcy)|impressum"
            r"|o sprzedawcy"
        ),
        "contact": r"^s?kontakt",
        "privacy": r"prywatno[śs]ci|ochron\w+ danych|\brodo\b",
        "withdrawal": r"prawo (?:do )?odst[ąa]pienia|odst[ąa]pieni|^zwroty",
        "function": r"^odst[ąa]p(?:i[ćc])? (?:tutaj )?od umowy(?: tutaj)?$",
        "shipping": r"dostaw|wysy[łl]k|przesy[łl]k",
        "payment": r"p[łl]atno[śs]",
        "terms": r"regulamin|warunki",
        "period": r"(?:czternastu|\b\d\d) dni",
        "model_form": r"niniejszym informuj[^.]{0,25} o (?:moim|naszym)",
        "free": r"darmow|bezpłatn|gratis|0 zł",
        "area": r"(?:cał\w+|na) świ?at|na terenie|na terytorium|unii europejskiej",
        "tax": (
            rf"\b(?:z|(?<!nie )zawier\w+|wliczon\w+|w tym){_GAP}\b(?:vat\b|podat)"
            r"|\b(?:vat|podat\w+) (?:jest |są )?wliczon|\bbrutto\b"
        ),
        "plus_shipping": (
            r"(?:\+|\b(?:plus|bez|nie zawiera\w*|łącznie z|wraz z)) ?(?:\w+ )?"
            r"(?:koszt\w*|cen\w*) (?:dostawy|wysyłki|przesyłki)"
            r"|darmowa (?:dostawa|wysyłka)(?! od)"
        ),
        "delivery_time": (
            rf"czas (?:dostawy|wysyłki|realizacji)|{_DAYS}dni|wysyłka w (?:ciągu )?\d"
            r"|dostawa (?:w ciągu|do|w) \d"
        ),
        "means": (
            r"przelew|\bblik\b|kart[aąy] (?:płatnicz|kredytow)|za pobraniem|przelewy24"
        ),
        "order": (
            r"(?:zamówienie|zamawiam|kupuję|zakup)[^.]{0,3} z obowiązkiem zapłaty"
        ),
    },
    "en": {
        "identity": (
            r"\bimprint\b|legal (?:notice|information|disclosure)|company (?:details"
            r"|information)|about the (?:provider|seller)"
        ),
        "contact": r"^contact",
        "privacy": r"privacy|data protection",
        "withdrawal": (
            r"(?:right of|instructions on) (?:withdrawal|cancellation)"
            r"|withdrawal (?:instructions|policy|right|form)"
            r"|cancellation (?:policy|right|form)|^withdrawal$"
        ),
        "function": (
            r"^withdraw (?:here )?from (?:the |a |my |your |this )?(?:contract|order)"
            r"(?: here)?$"
        ),
        "shipping": r"shipping|delivery|postage",
        "payment": r"payment",
        "terms": r"terms|conditions",
        "period": r"(?:fourteen|thirty|\b\d\d) (?:calendar )?days",
        "model_form": r"hereby give notice",
        "free": r"\bfree\b|no charge",
        "area": r"worldwide|all over the world|within (?:the eu|europe|the uk)",
        "tax": (
            r"(?<!not )\b(?:inc\.?|incl\.?|including|includes?|inclusive of)"
            rf"{_GAP}\b(?:vat\b|tax)|\b(?:vat|tax(?:es)?) (?:included|incl)"
        ),
        "plus_shipping": (
            r"(?:(?:\+|\b(?:plus|excl\.?|excluding)) ?(?:[a-z]+ )?"
            r"|\b(?:incl\.?|including) (?:(?:\d+ ?% )?(?:vat|tax(?:es)?) and )?)"
            r"(?:shipping|delivery|postage)"
            r"|free (?:shipping|delivery)(?! (?:above|for|from|on|over))"
        ),
        "delivery_time": (
            rf"delivery times?|{_DAYS}(?:business |working |calendar )?days"
            r"|(?:delivery|delivered|ships|shipping|dispatched) (?:in|within|by) "
            r"|in stock, ready"
        ),
        "means": (
            r"credit card|debit card|bank transfer|wire transfer|cash on delivery"
            r"|on account|by invoice"
        ),
        "order": (
            r"order with (?:an )?obligation to pay|^buy now$|pay now and order"
            r"|place (?:binding )?order and pay|^confirm purchase$"
        ),
    },
    "fr": {
        "identity": r"mentions l[ée]gales|informations l[ée]gales|qui sommes[- ]nous",
        "contact": r"^(?:nous )?contact",
        "privacy": r"confidentialit[ée]|vie priv[ée]e|donn[ée]es personnelles",
        "withdrawal": r"r[ée]tractation",
        "function": (
            r"^(?:se r[ée]tracter|me r[ée]tracter|renoncer)"
            r" (?:ici )?(?:du|au|[àa] mon|de mon) (?:contrat|achat)(?: ici)?$"
        ),
        "shipping": r"livraison|exp[ée]dition|frais de port",
        "payment": r"paiement",
        "terms": r"conditions g[ée]n[ée]rales|\bcgv\b",
        "period": r"(?:quatorze|trente|\b\d\d) jours",
        "model_form": r"notifi[^.]{0,25} par la présente",
        "free": r"gratuit|offert|franco de port",
        "area": r"monde entier|dans toute l.europe|union européenne|métropolitaine",
        "tax": (
            r"\bttc\b|toutes taxes comprises|(?:tva|taxes?) (?:incluse?s?|comprises?)"
            r"|\btva incl"
        ),
        "plus_shipping": (
            r"(?:\+|\b(?:hors|plus|avec)) ?(?:les )?(?:frais )?"
            r"(?:de |d.)?(?:livraison|port|expédition)"
            r"|frais de (?:livraison|port) (?:inclus|compris|en sus|non compris)"
            r"|livraison (?:gratuite|offerte)(?! (?:à partir|dès|pour))"
        ),
        "delivery_time": (
            rf"délais? de livraison|{_DAYS}jours|livr(?:é|aison) (?:en|sous|entre|le) "
            r"|expédié (?:en|sous)"
        ),
        "means": r"carte (?:bancaire|de crédit|bleue)|virement|chèque|prélèvement",
        "order": r"commande(?:r)? avec obligation de paiement",
    },
    "es": {
        "identity": r"aviso legal|informaci[óo]n legal|qui[ée]nes somos",
        "contact": r"^cont[áa]ct",
        "privacy": r"privacidad|protecci[óo]n de datos",
        "withdrawal": r"desistimiento|derecho de desistir",
        "function": (
            r"^desistir (?:aqu[íi] )?(?:del|de mi|de su|de este) (?:contrato|pedido)"
            r"(?: aqu[íi])?$"
        ),
        "shipping": r"env[íi]o|entrega",
        "payment": r"\bpagos?\b",
        "terms": r"condiciones|t[ée]rminos",
        "period": r"(?:catorce|treinta|\b\d\d) días",
        "model_form": r"por la presente[^.]{0,60} desist(?:o|imos)\b",
        "free": r"gratis|gratuit",
        "area": r"todo el mundo|toda europa|unión europea|península",
        "tax": (
            r"(?:iva|impuestos?) incluidos?"
            r"|(?<!no )\b(?:incl\.?|incluye|con) (?:el )?(?:iva|imp)"
        ),
        "plus_shipping": (
            r"(?:más|mas|\+|sin|no incluye|excepto|incluidos) (?:los )?"
            r"(?:gastos |costes |costos )?(?:de )?envío"
            r"|envío grat\w+\b(?! (?:a partir|desde|en))"
        ),
        "delivery_time": (
            rf"(?:plazos?|tiempos?|fecha) de (?:entrega|envío)|{_DAYS}días"
            r"|(?:entrega|envío|recíbelo) (?:en|entre) "
        ),
        "means": r"tarjeta|transferencia|contra reembolso|bizum",
        "order": r"pedido con obligación de pago",
    },
    "it": {
        "identity": r"note legali|informazioni legali|dati (?:societari|aziendali)",
        "contact": r"^contatt",
        "privacy": r"privacy|riservatezza|protezione dei dati",
        "withdrawal": r"recesso",
        "function": (
            r"^reced(?:ere|i) (?:qui )?(?:dal|da questo|dal mio) (?:contratto|ordine)"
            r"(?: qui)?$"
        ),
        "shipping": r"spedizion|consegn",
        "payment": r"pagament",
        "terms": r"condizioni|termini",
        "period": r"(?:quattordici|trenta|\b\d\d) giorni",
        "model_form": r"con la presente[^.]{0,60} recesso",
        "free": r"gratis|gratuit",
        "area": r"tutto il mondo|tutta (?:europa|italia)|unione europea",
        "tax": (
            r"(?:iva|impost[ae]|tasse) (?:inclus|compres)[aei]|(?:incl\.?|con) iva"
        ),
        "plus_shipping": (
            r"(?:più|\+|escluse|esclusi|oltre|comprese|incluse) (?:le |i )?"
            r"(?:spese |costi )?(?:di )?(?:spedizione|consegna)"
            r"|spedizione grat\w+\b(?! (?:a partire|da|oltre|per|sopra))"
        ),
        "delivery_time": (
            rf"tempi? di (?:consegna|spedizione)|{_DAYS}giorni"
            r"|(?:consegna|spedito|spedizione) (?:in|entro|tra) "
        ),
        "means": r"carta di credito|bonifico|contrassegno",
        "order": r"ordine con obbligo di pagare",
    },
    "nl": {
        "identity": (
            r"colofon|bedrijfsgegevens|wettelijke vermeldingen|juridische informatie"
        ),
        "contact": r"^(?:neem )?contact|over ons",
        "privacy": r"privacy|gegevensbescherming",
        "withdrawal": r"herroeping|bedenktijd",
        "function": (
            r"^(?:hier )?(?:de )?(?:overeenkomst|contract|bestelling|aankoop)"
            r" (?:hier )?herroepen$"
            r"|^herroep (?:hier )?(?:de |het |je |uw )?"
            r"(?:overeenkomst|contract|bestelling)(?: hier)?$"
        ),
        "shipping": r"verzend|levering|bezorg",
        "payment": r"betaal|betaling",
        "terms": r"voorwaarden",
        "period": r"(?:veertien|dertig|\b\d\d) (?:kalender)?dagen",
        "model_form": r"hierbij mede[^.]{0,60} herroep",
        "free": r"gratis|kosteloos",
        "area": r"wereldwijd|heel europa|europese unie|heel nederland",
        "tax": r"(?:incl\.?|inclusief) (?:\d+ ?% )?(?:btw|belasting)|btw inbegrepen",
        "plus_shipping": (
            r"(?:excl\.?|exclusief|plus|\+)[^.]{0,20}(?:verzend|bezorg)"
            r"|(?:incl\.?|inclusief) (?:btw en )?(?:verzend|bezorg)"
            r"|gratis (?:verzending|bezorging)(?! (?:bij|boven|vanaf))"
        ),
        "delivery_time": (
            rf"lever(?:tijd|termijn)|bezorgtijd|{_DAYS}(?:werk)?dagen"
            r"|(?:bezorgd|levering|geleverd) (?:in|binnen|op) "
        ),
        "means": r"\bideal\b|creditcard|overschrijving|rembours|achteraf betalen",
        "order": r"bestel(?:ling|len) met betalings?verplichting",
    },
}

# Names of means of payment that are the same in all languages.
BRANDS = (
    r"paypal|klarna|visa\b|mastercard|apple pay|google pay|sofortüberweisung|sofort\."
    r"|giropay|sepa\b"
)
