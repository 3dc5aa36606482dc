"""The demo city 云澜市 (演示城市): a made-up city with its units, knowledge and tickets."""
