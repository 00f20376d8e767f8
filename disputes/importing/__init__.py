"""Past disputes from the towns' own workbooks: headers, cells and rows understood. Pure, but for the words it reads."""
