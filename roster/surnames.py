"""Surnames that read differently from the same character in other words.

Only what a dictionary of words gets wrong stands here. Where two readings are both surnames, the usual one in Guangdong
(覃 qín, not tán).
"""

_READINGS = """
区 ou1  仇 qiu2  单 shan4  解 xie4  曾 zeng1  查 zha1  华 hua4  任 ren2  朴 piao2  覃 qin2  翟 zhai2  缪 miao4
阚 kan4  乐 yue4  么 yao1  燕 yan1  员 yun4  贠 yun2  种 chong2  黑 he4  折 she2  秘 bi4  繁 po2  召 shao4
那 na1  洗 xian3  葛 ge3  相 xiang4  哈 ha3  祭 zhai4  撒 sa4  少 shao4  郇 xun2  句 gou1  过 guo1  都 du1
卜 bu3  於 yu1  能 nai4  乜 nie4  颉 xie2  炅 gui4  隗 wei3  藏 zang1  薄 bo2  干 gan1  观 guan4  冠 guan4
占 zhan1  六 lu4  粘 nian2  蕃 bo1  尉 wei4  冼 xian3
乐正 yue4-zheng4  尉迟 yu4-chi2  万俟 mo4-qi2  长孙 zhang3-sun1  澹台 tan2-tai2
"""
# 区 → ("ou1",), 尉迟 → ("yu4", "chi2"): syllables with the tone as a digit.
SURNAMES = {
    surname: tuple(reading.split("-"))
    for surname, reading in zip(_READINGS.split()[::2], _READINGS.split()[1::2], strict=True)
}
TWO = 2


def surname_of(name: str) -> str:
    """The surname at the head of a name: one character, or one of the two-character surnames that read differently.

    Such a one only where a given name follows. Other long surnames (欧阳) need not be known: they read as they stand.
    """
    return name[:TWO] if len(name) > TWO and name[:TWO] in SURNAMES else name[:1]
