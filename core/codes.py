"""Code lists of the field, and their names in the reader's language.

Codes are stored, names are looked up: countries, regions, languages and currencies come from
CLDR through Babel; DAC sectors are named here.
"""

from collections.abc import Iterable
from functools import cache

from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

# Countries and areas by United Nations M49 region (unstats.un.org/unsd/methodology/m49);
# each stands under the smallest region that M49 gives it.
_COUNTRIES_OF_REGION = {
    "001": "AQ",
    "005": "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE",
    "011": "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG",
    "013": "BZ CR GT HN MX NI PA SV",
    "014": "BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW",
    "015": "DZ EG EH LY MA SD TN",
    "017": "AO CD CF CG CM GA GQ ST TD",
    "018": "BW LS NA SZ ZA",
    "021": "BM CA GL PM US",
    "029": ("AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI"),
    "030": "CN HK JP KP KR MN MO TW",
    "034": "AF BD BT IN IR LK MV NP PK",
    "035": "BN ID KH LA MM MY PH SG TH TL VN",
    "039": "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA",
    "053": "AU CC CX HM NF NZ",
    "054": "FJ NC PG SB VU",
    "057": "FM GU KI MH MP NR PW UM",
    "061": "AS CK NU PF PN TK TO TV WF WS",
    "143": "KG KZ TJ TM UZ",
    "145": "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE",
    "151": "BG BY CZ HU MD PL RO RU SK UA",
    "154": "AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ",
    "155": "AT BE CH DE FR LI LU MC NL",
}
# M49: the region that a region belongs to; those not named here belong to the world (001).
_PARENT_REGION = {
    "005": "419", "013": "419", "029": "419", "419": "019", "021": "019",
    "011": "202", "014": "202", "017": "202", "018": "202", "202": "002", "015": "002",
    "030": "142", "034": "142", "035": "142", "143": "142", "145": "142",
    "039": "150", "151": "150", "154": "150", "155": "150",
    "053": "009", "054": "009", "057": "009", "061": "009",
}  # fmt: skip

REGION_OF_COUNTRY = {
    country: region
    for region, countries in _COUNTRIES_OF_REGION.items()
    for country in countries.split()
}
COUNTRIES = tuple(sorted(REGION_OF_COUNTRY))  # ISO 3166-1 alpha-2
REGIONS = tuple(sorted({*_PARENT_REGION, *_PARENT_REGION.values()}))  # M49

# OECD DAC CRS, three-digit sector categories (as replicated by the IATI Standard, CC BY 4.0).
SECTORS: dict[str, Promise] = {
    "111": _("Education, level unspecified"),
    "112": _("Basic education"),
    "113": _("Secondary education"),
    "114": _("Post-secondary education"),
    "121": _("Health, general"),
    "122": _("Basic health"),
    "123": _("Non-communicable diseases"),
    "130": _("Population policies and reproductive health"),
    "140": _("Water supply and sanitation"),
    "151": _("Government and civil society"),
    "152": _("Conflict, peace and security"),
    "160": _("Other social infrastructure and services"),
    "210": _("Transport and storage"),
    "220": _("Communications"),
    "231": _("Energy policy"),
    "232": _("Renewable energy generation"),
    "233": _("Non-renewable energy generation"),
    "234": _("Hybrid energy plants"),
    "235": _("Nuclear energy plants"),
    "236": _("Energy distribution"),
    "240": _("Banking and financial services"),
    "250": _("Business and other services"),
    "311": _("Agriculture"),
    "312": _("Forestry"),
    "313": _("Fishing"),
    "321": _("Industry"),
    "322": _("Mineral resources and mining"),
    "323": _("Construction"),
    "331": _("Trade policies and regulations"),
    "332": _("Tourism"),
    "410": _("Environment protection"),
    "430": _("Other multisector"),
    "510": _("General budget support"),
    "520": _("Development food assistance"),
    "530": _("Other commodity assistance"),
    "600": _("Action relating to debt"),
    "720": _("Emergency response"),
    "730": _("Reconstruction and rehabilitation"),
    "740": _("Disaster prevention and preparedness"),
    "910": _("Administrative costs of donors"),
    "930": _("Refugees in donor countries"),
    "998": _("All sectors or not specified"),
}

# ISO 639-1 codes that hubs and members may name; the portal itself speaks the first six.
_LANGUAGES = (
    "en es fr pt id ar af am az be bg bn bs ca cs da de el et fa fi ha he hi hr ht hu hy ig is it "
    "ja ka kk km ko ky lo lt lv mg mk mn ms my ne nl no ny pl ps ro ru rw si sk sl sn so sq sr sv "
    "sw ta te tg th ti tk tr uk ur uz vi wo xh yo zh zu"
)
LANGUAGES = tuple(_LANGUAGES.split())
# ISO 4217 codes in use.
_CURRENCIES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD GBP GEL GHS "
    "GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW "
    "KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN "
    "NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG "
    "SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU "
    "UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW"
)
CURRENCIES = tuple(_CURRENCIES.split())


def babel_locale() -> Locale:
    """Return the reader's language as Babel knows it."""
    return _locale(get_language() or "en")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(to_locale(language))


def country_name(code: str) -> str:
    """Return a country's name in the reader's language, or the code if it is unknown."""
    return str(babel_locale().territories.get(code, code))


def region_name(code: str) -> str:
    """Return an M49 region's name in the reader's language."""
    return country_name(code)


def language_name(code: str) -> str:
    """Return a language's name in the reader's language."""
    names, (base, _hyphen, country) = babel_locale().languages, code.partition("-")
    return str(names.get(f"{base}_{country.upper()}") or names.get(base, code))


def currency_name(code: str) -> str:
    """Return a currency's name in the reader's language."""
    return str(babel_locale().currencies.get(code, code))


def sector_name(code: str) -> str:
    """Return a DAC sector's name in the reader's language."""
    return str(SECTORS.get(code, code))


def regions_of(countries: Iterable[str]) -> set[str]:
    """Return every region, at any level, that holds one of `countries`."""
    return set[str]().union(*(_regions_of(country) for country in countries))


@cache
def _regions_of(country: str) -> frozenset[str]:
    found: set[str] = set()
    region = REGION_OF_COUNTRY.get(country)
    while region is not None and region != "001":
        found.add(region)
        region = _PARENT_REGION.get(region)
    return frozenset(found)


def countries_in(region: str) -> set[str]:
    """Return the countries of an M49 region, those of its parts included."""
    return {country for country in COUNTRIES if region in regions_of([country])}


def country_choices() -> list[tuple[str, str]]:
    """Return (code, name) of all countries, by name in the reader's language."""
    return list(_choices("country", get_language()))


def region_choices() -> list[tuple[str, str]]:
    """Return (code, name) of all regions, by name in the reader's language."""
    return list(_choices("region", get_language()))


def language_choices() -> list[tuple[str, str]]:
    """Return (code, name) of all languages, by name in the reader's language."""
    return list(_choices("language", get_language()))


def currency_choices() -> list[tuple[str, str]]:
    """Return (code, "code name") of all currencies, by code."""
    return [(code, f"{code} {currency_name(code)}") for code in CURRENCIES]


def sector_choices() -> list[tuple[str, str]]:
    """Return (code, name) of all DAC sectors, by code."""
    return [(code, str(name)) for code, name in SECTORS.items()]


_LISTS = {
    "country": (COUNTRIES, country_name),
    "region": (REGIONS, region_name),
    "language": (LANGUAGES, language_name),
}


def load_names() -> None:
    """Read the names of every list in the active language, which are kept from then on."""
    for choices in (
        country_choices, region_choices, language_choices, currency_choices, sector_choices,
    ):  # fmt: skip
        choices()


@cache
def _choices(name: str, language: str | None) -> tuple[tuple[str, str], ...]:
    """Return one list by name, made once for each language: pages ask for it all the time."""
    listed, name_of = _LISTS[name]
    pairs = ((code, name_of(code)) for code in listed)
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))
