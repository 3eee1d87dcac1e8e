using System.Text;

namespace GuardedMaps.Lab;

/// <summary>CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF. Finds every changed character and every swap of two neighbours.</summary>
internal static class Crc16
{
    public static ushort Of(string text)
    {
        ushort crc = 0xFFFF;
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            crc ^= (ushort)(b << 8);
            for (int i = 0; i < 8; i++) crc = (ushort)((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
        }

        return crc;
    }
}
