using System.Buffers.Binary;
using System.Globalization;

namespace Recurrent.Drawing;

/// <summary>A matrix as a picture: one pixel a value, blue for negative, white for zero, red for positive.</summary>
/// <remarks>
/// The pixels are a bitmap of 256 colours inside the page: a gate of 256 units over 1000 steps is a quarter of a megabyte, where
/// as many rectangles would be twenty.
/// </remarks>
internal static class HeatMap
{
    private const int HeaderBytes = 14 + 40;
    private const int Colours = 256;

    /// <summary>An image element that fills a rectangle; a page can read each value back from its pixel.</summary>
    /// <param name="values">The values: rows from the top, each of <paramref name="columns"/> values.</param>
    /// <param name="columns">Values of a row.</param>
    /// <param name="low">The value that gets the first colour: 0, which is white, or −<paramref name="high"/>, which is
    /// blue.</param>
    /// <param name="high">The value that gets the last colour.</param>
    /// <param name="description">What it shows, for those who cannot see it.</param>
    public static string Image(ReadOnlySpan<double> values, int columns, double low, double high, string description)
    {
        int rows = values.Length / columns;
        string file = Convert.ToBase64String(Bitmap(values, columns, low, high));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<img class=\"map\" alt=\"{SvgWriter.Escape(description)}\" width=\"{columns}\" height=\"{rows}\" "
            + $"data-low=\"{low:R}\" data-high=\"{high:R}\" src=\"data:image/bmp;base64,{file}\">");
    }

    /// <summary>The bitmap file: header, palette, and rows from the bottom, each filled up to whole words.</summary>
    internal static byte[] Bitmap(ReadOnlySpan<double> values, int columns, double low, double high)
    {
        int rows = values.Length / columns;
        int stride = (columns + 3) / 4 * 4;
        int start = HeaderBytes + (4 * Colours);
        var file = new byte[start + (rows * stride)];
        file[0] = (byte)'B';
        file[1] = (byte)'M';
        Write(2, file.Length);
        Write(10, start);
        Write(14, 40);
        Write(18, columns);
        Write(22, rows);
        file[26] = 1;
        file[28] = 8;
        Write(34, rows * stride);
        Write(46, Colours);
        for (int i = 0; i < Colours; i++)
        {
            double share = (double)i / (Colours - 1);
            Colour(low < 0 || high <= low ? (2 * share) - 1 : share * share).CopyTo(file.AsSpan(HeaderBytes + (4 * i)));
        }

        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double share = high > low ? Math.Clamp((values[(row * columns) + column] - low) / (high - low), 0, 1) : 0.5;
                file[start + ((rows - 1 - row) * stride) + column] = (byte)Math.Round(share * (Colours - 1));
            }
        }

        return file;

        void Write(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(offset), value);
    }

    /// <summary>Blue, green and red of a share: from blue at −1 over near white at 0 to red at 1.</summary>
    private static byte[] Colour(double share)
    {
        (double red, double green, double blue) = share < 0 ? (33, 102, 172) : (178, 24, 43);
        double strength = Math.Sqrt(Math.Abs(share));
        return [Mix(blue), Mix(green), Mix(red), 0];

        byte Mix(double full) => (byte)Math.Round(247 + (strength * (full - 247)));
    }
}
