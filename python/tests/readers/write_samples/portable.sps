* Writes sav, zsav and por by PSPP, which are read by ReadStat.
DATA LIST LIST NOTABLE /name (A10) count (F8.0) score (F8.2) answer (F1.0).
BEGIN DATA.
"Anna" 1 1.5 1
"Jürgen" 2 2.5 2
"Zoë" 3 3.5 1
END DATA.
VALUE LABELS answer 1 'yes' 2 'no'.
SAVE OUTFILE='sample.sav'.
SAVE OUTFILE='sample.zsav' /ZCOMPRESSED.
* A portable file has no way to say its encoding.
IF (count = 2) name = 'Jurgen'.
IF (count = 3) name = 'Zoe'.
EXPORT OUTFILE='sample.por'.
