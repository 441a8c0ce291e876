"""Checks of the pages of the studio and of studies: their scripts' types and style."""
