"""Words for the same thing in the portal's six languages, by which a search finds what is
written in another one.

One line a concept: English; Spanish; French; Portuguese; Indonesian; Arabic, each single words,
several with commas. Left out are words that mean something else in another of the languages
(Indonesian "air", French "maïs", which is read as "mais"). A migration writes them to the
database, so a change here needs one.
"""

LANGUAGES = ("en", "es", "fr", "pt", "id", "ar")
CONCEPTS = """
agriculture; agricultura; agriculture; agricultura; pertanian; زراعة
arrears; atraso; arriéré; atraso; tunggakan; متأخرات
bank; banco; banque; banco; bank; بنك,مصرف
budget; presupuesto; budget; orçamento; anggaran; ميزانية,موازنة
bus; autobús; autobus; ônibus,autocarro; bus; حافلة
city; ciudad; ville; cidade; kota; مدينة
climate; clima; climat; clima; iklim; مناخ
coffee; café; café; café; kopi; قهوة,بن
community; comunidad; communauté; comunidade; masyarakat; مجتمع
cooperation; cooperación; coopération; cooperação; kerjasama; تعاون
cotton; algodón; coton; algodão; kapas; قطن
customs; aduana; douane; alfândega; cukai; جمارك
dairy; lácteo,lechería; laitier,laiterie; laticínio,leiteiro; perah; ألبان
disaster; desastre; catastrophe; desastre; bencana; كارثة
education; educación; éducation; educação; pendidikan; تعليم
employment; empleo; emploi; emprego; pekerjaan; توظيف
energy; energía; énergie; energia; energi; طاقة
environment; ambiente; environnement; ambiente; lingkungan; بيئة
exchange; intercambio; échange; intercâmbio; pertukaran; تبادل
factory; fábrica; usine; fábrica; pabrik; مصنع
family; familia; famille; família; keluarga; أسرة
farmer; agricultor,campesino; agriculteur,paysan; agricultor; petani; مزارع
finance; finanzas; finances; finanças; keuangan; مالية
fisheries; pesca; pêche; pesca; perikanan; مصايد
food; alimento,alimentación; alimentation,nourriture; alimento,alimentação; pangan,makanan; غذاء
forest; bosque; forêt; floresta; hutan; غابة
garment; confección; vêtement; vestuário; garmen; ملابس
governance; gobernanza; gouvernance; governança; kepemerintahan; حوكمة
health; salud; santé; saúde; kesehatan; صحة
housing; vivienda; logement; habitação; perumahan; إسكان
hunger; hambre; faim; fome; kelaparan; جوع
innovation; innovación; innovation; inovação; inovasi; ابتكار
irrigation; riego,irrigación; irrigation; irrigação; irigasi; ري
justice; justicia; justice; justiça; keadilan; عدالة
land; tierra; terre; terra; lahan,tanah; أرض
law; ley; loi; lei; hukum,undang; قانون
leader; líder; dirigeant; líder; pemimpin; قائد
livestock; ganadería; élevage; pecuária; peternakan; ماشية
maize,corn; maíz; ; milho; jagung; ذرة
medicine; medicamento; médicament; medicamento; obat; دواء,أدوية
migration; migración; migration; migração; migrasi; هجرة
milk; leche; lait; leite; susu; حليب,لبن
muslim; musulmán; musulman; muçulmano; muslim; مسلم
nutrition; nutrición; nutrition; nutrição; gizi; تغذية
park; parque; parc; parque; taman; حديقة
peace; paz; paix; paz; perdamaian; سلام
planning; planificación; planification; planejamento,planeamento; perencanaan; تخطيط
poverty; pobreza; pauvreté; pobreza; kemiskinan; فقر
religious; religioso; religieux; religioso; agama; ديني
research; investigación; recherche; pesquisa; penelitian; بحث
rice; arroz; riz; arroz; padi,beras; أرز
road; carretera; ; estrada; jalan; طريق
rural; rural; rural; rural; pedesaan; ريفي
sanitation; saneamiento; assainissement; saneamento; sanitasi; إصحاح
savannah; sabana; savane; savana; sabana; سافانا
school; escuela,escolar; école,scolaire; escola,escolar; sekolah; مدرسة
seed; semilla; semence; semente; benih; بذور
statistics; estadística; statistique; estatística; statistik; إحصاء
tax; impuesto; impôt; imposto; pajak; ضريبة
technology; tecnología; technologie; tecnologia; teknologi; تكنولوجيا
tourism; turismo; tourisme; turismo; pariwisata; سياحة
trade; comercio; commerce; comércio; perdagangan; تجارة
training; capacitación,formación; formation; capacitação,formação; pelatihan; تدريب
transport; transporte; transport; transporte; transportasi,angkutan; نقل
university; universidad; université; universidade; universitas; جامعة
vocational; profesional; professionnel; profissional; kejuruan; مهني
waste; residuo; déchet; resíduo; limbah,sampah; نفايات
water; agua; eau; água; ; ماء,مياه
women,woman; mujer; femme; mulher; perempuan; امرأة,نساء
workshop; taller; atelier; oficina; lokakarya; ورشة
youth; juventud; jeunesse; juventude; pemuda; شباب
zone; zona; zone; zona; zona; منطقة
"""


def words_by_concept() -> list[tuple[int, str, str]]:
    """Return (number of the concept, language, word) for every word."""
    return [
        (number, language, word.strip())
        for number, line in enumerate(CONCEPTS.strip().splitlines())
        for language, words in zip(LANGUAGES, line.split(";"), strict=True)
        for word in words.split(",")
        if word.strip()
    ]
