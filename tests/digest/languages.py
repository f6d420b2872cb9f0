"""A paragraph in each of many languages and scripts, written for these tests."""

PARAGRAPHS = {
    "english": (
        "The workflow stopped at the third block because the supplier had sent an invoice without "
        "a total. Nobody noticed until the end of the month, when the accounts did not balance "
        "and somebody had to go through every document by hand. It would have been enough to look "
        "at the first page."
    ),
    "german": (
        "Die Rechnungsprüfung wurde abgebrochen, weil der Lieferant keine Umsatzsteuer"
        "identifikationsnummer angegeben hatte. Die Buchhaltungsabteilung bemerkte den Fehler "
        "erst beim Monatsabschluss und musste sämtliche Eingangsrechnungen noch einmal von Hand "
        "durchsehen. Eine Zahlungserinnerung war bereits verschickt worden."
    ),
    "french": (
        "La facture n'a pas été validée parce que le fournisseur avait oublié d'indiquer le "
        "montant hors taxes. Personne ne s'en est aperçu avant la clôture mensuelle, et il a fallu "
        "relire toutes les pièces une à une. Une relance avait déjà été envoyée à l'adresse "
        "d'hier."
    ),
    "spanish": (
        "El flujo se detuvo en el tercer paso porque el proveedor había enviado una factura sin "
        "importe total. Nadie se dio cuenta hasta fin de mes, cuando las cuentas no cuadraban y "
        "hubo que revisar todos los documentos a mano, desde el principio."
    ),
    "polish": (
        "Przetwarzanie zatrzymało się na trzecim kroku, ponieważ dostawca przesłał fakturę bez "
        "kwoty łącznej. Nikt tego nie zauważył aż do końca miesiąca, kiedy trzeba było ręcznie "
        "sprawdzić wszystkie dokumenty od początku."
    ),
    "finnish": (
        "Käsittely pysähtyi kolmanteen vaiheeseen, koska toimittaja oli lähettänyt laskun ilman "
        "loppusummaa. Kukaan ei huomannut asiaa ennen kuukauden loppua, jolloin kaikki asiakirjat "
        "jouduttiin käymään läpi käsin."
    ),
    "turkish": (
        "Tedarikçi toplam tutarı olmayan bir fatura gönderdiği için işlem üçüncü adımda durdu. "
        "Ay sonuna kadar kimse fark etmedi; hesaplar tutmayınca bütün belgelerin elle yeniden "
        "gözden geçirilmesi gerekti."
    ),
    "vietnamese": (
        "Quy trình dừng lại ở bước thứ ba vì nhà cung cấp gửi một hóa đơn không có tổng số tiền. "
        "Không ai nhận ra cho đến cuối tháng, khi sổ sách không khớp và phải kiểm tra lại từng "
        "chứng từ bằng tay."
    ),
    "russian": (
        "Обработка остановилась на третьем шаге, потому что поставщик прислал счёт без итоговой "
        "суммы. Никто не заметил этого до конца месяца, когда пришлось вручную проверять все "
        "документы с самого начала."
    ),
    "greek": (
        "Η επεξεργασία σταμάτησε στο τρίτο βήμα επειδή ο προμηθευτής έστειλε τιμολόγιο χωρίς "
        "συνολικό ποσό. Κανείς δεν το πρόσεξε μέχρι το τέλος του μήνα, όταν έπρεπε να ελεγχθούν "
        "όλα τα έγγραφα με το χέρι."
    ),
    "hebrew": (
        "העיבוד נעצר בשלב השלישי כי הספק שלח חשבונית ללא סכום כולל. איש לא הבחין בכך עד סוף "
        "החודש, כאשר היה צורך לבדוק את כל המסמכים ידנית מההתחלה ועד הסוף."
    ),
    "arabic": (
        "توقفت المعالجة عند الخطوة الثالثة لأن المورد أرسل فاتورة بدون المبلغ الإجمالي. لم يلاحظ "
        "أحد ذلك حتى نهاية الشهر عندما اضطر المحاسبون إلى مراجعة جميع المستندات يدويا من البداية."
    ),
    "persian": (
        "پردازش در گام سوم متوقف شد، زیرا فروشنده صورت‌حسابی بدون مبلغ کل فرستاده بود. هیچ‌کس تا "
        "پایان ماه متوجه نشد و همهٔ سندها باید دوباره با دست بررسی می‌شدند."
    ),
    "hindi": (
        "तीसरे चरण पर प्रक्रिया रुक गई क्योंकि आपूर्तिकर्ता ने कुल राशि के बिना चालान भेजा था। महीने के अंत तक "
        "किसी ने ध्यान नहीं दिया और फिर सभी दस्तावेज़ों को हाथ से जाँचना पड़ा।"
    ),
    "bengali": (
        "সরবরাহকারী মোট অঙ্ক ছাড়া চালান পাঠানোয় তৃতীয় ধাপে প্রক্রিয়াটি থেমে যায়। মাসের শেষ পর্যন্ত কেউ "
        "খেয়াল করেনি, তারপর সব নথি হাতে যাচাই করতে হয়েছে।"
    ),
    "tamil": (
        "மொத்தத் தொகை இல்லாத விலைப்பட்டியலை விற்பனையாளர் அனுப்பியதால் மூன்றாவது படியில் செயல்முறை "
        "நின்றது. மாத இறுதி வரை யாரும் கவனிக்கவில்லை."
    ),
    "thai": (
        "กระบวนการหยุดที่ขั้นตอนที่สามเพราะผู้ขายส่งใบแจ้งหนี้ที่ไม่มียอดรวม ไม่มีใครสังเกตจนถึงสิ้นเดือน "
        "เมื่อต้องตรวจเอกสารทั้งหมดด้วยมืออีกครั้งตั้งแต่ต้น"
    ),
    "chinese": (
        "流程在第三步停止了，因为供应商寄来的发票上没有总金额。直到月底账目对不上时才有人发现，只好把所有的文件"
        "从头到尾再手工核对一遍。其实只要看第一页就够了。"
    ),
    "traditional_chinese": (
        "流程在第三步停止了，因為供應商寄來的發票上沒有總金額。直到月底帳目對不上時才有人發現，只好把所有的文件"
        "從頭到尾再用手工核對一遍。"
    ),
    "japanese": (
        "仕入先から届いた請求書に合計金額が記載されていなかったため、処理は三番目のステップで停止しました。月末に"
        "帳簿が合わなくなるまで誰も気づかず、すべての書類を手作業で確認し直すことになりました。"
    ),
    "korean": (
        "공급업체가 합계 금액이 없는 송장을 보냈기 때문에 세 번째 단계에서 처리가 중단되었습니다. "
        "월말에 장부가 맞지 않을 때까지 아무도 알아차리지 못했고, 모든 문서를 처음부터 손으로 "
        "다시 확인해야 했습니다."
    ),
    "emoji": "📄✅🚀🔥💡🎉😀😅🤖📦🧾💶📊🗂️⚠️❌🔁⏳🕒🧑‍💻👩‍🔬🇩🇪🇫🇷👍🏽❤️✨🌍🏦📈📉🔒🔑🛠️",
    "armenian": (
        "Գործընթացը կանգ առավ երրորդ քայլում, քանի որ մատակարարն ուղարկել էր հաշիվ առանց ընդհանուր "
        "գումարի։ Մինչև ամսվա վերջ ոչ ոք դա չնկատեց, և բոլոր փաստաթղթերը պետք է ստուգվեին ձեռքով։"
    ),
    "georgian": (
        "პროცესი მესამე საფეხურზე შეჩერდა, რადგან მომწოდებელმა ინვოისი ჯამის გარეშე გამოგზავნა. "
        "თვის ბოლომდე ეს არავის შეუმჩნევია."
    ),
    "amharic": "ሂደቱ በሦስተኛው ደረጃ ላይ ቆመ ምክንያቱም አቅራቢው ጠቅላላ ድምር የሌለው ደረሰኝ ልኳል።",
    "khmer": ("ដំណើរការបានឈប់នៅជំហានទីបី ដោយសារអ្នកផ្គត់ផ្គង់បានផ្ញើវិក្កយបត្រដោយគ្មានចំនួនសរុប។"),
    "telugu": (
        "సరఫరాదారు మొత్తం లేకుండా ఇన్వాయిస్ పంపినందున మూడవ దశలో ప్రక్రియ ఆగిపోయింది. నెలాఖరు వరకు ఎవరూ గమనించలేదు."
    ),
    "gujarati": (
        "સપ્લાયરે કુલ રકમ વિના ઇન્વૉઇસ મોકલ્યું તેથી ત્રીજા પગલા પર પ્રક્રિયા અટકી ગઈ. મહિનાના અંત સુધી "
        "કોઈને ખબર ન પડી."
    ),
    "older_greek": (
        "ἐν ἀρχῇ ἦν ὁ λόγος, καὶ ὁ λόγος ἦν πρὸς τὸν θεόν, καὶ θεὸς ἦν ὁ λόγος. οὗτος ἦν ἐν ἀρχῇ "
        "πρὸς τὸν θεόν."
    ),
    "accented_capitals": (
        "ÉLÉONORE À CÔTÉ, ÜBERPRÜFUNG ÄNDERUNG ÖFFNUNG, ÁREA ÚNICO, ÎLE ÇA ÉTÉ. PRÜFUNG DER ÄNDERUNG, "
        "DÉJÀ VALIDÉ, NÃO É VÁLIDO"
    ),
    "currencies": "€ 12, £ 7, ₹ 300, ₽ 41, ₺ 9, ₩ 800, 3 ≤ x ≥ 2, a → b ← c, 5 ± 1, 2 × 3, ≈ 4 °C, № 7 ™",
    "lines": "┌──┬──┐ │ a │ b │ ├──┼──┤ │ c │ d │ └──┴──┘ ▲ ▼ ■ □ ● ○",
    "full_width": "ＡＢＣ１２３：（合計）！？請求書番号：ＩＮＶ－２０２６－００１、金額：１２，５００円（税込）",
}
