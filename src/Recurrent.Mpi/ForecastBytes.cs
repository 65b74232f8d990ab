using Recurrent.Forecasting;

namespace Recurrent.Mpi;

/// <summary>Forecasts as bytes between ranks of one job, which run the same program.</summary>
internal static class ForecastBytes
{
    public static byte[] Write(IReadOnlyList<(int Key, Forecast Forecast)> forecasts)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(forecasts.Count);
        foreach ((int key, Forecast forecast) in forecasts)
        {
            writer.Write(key);
            writer.Write(forecast.Series);
            writer.Write(forecast.Method);
            writer.Write(forecast.Horizon);
            writer.Write(forecast.Variables.Count);
            for (int v = 0; v < forecast.Variables.Count; v++)
            {
                writer.Write(forecast.Variables[v]);
                QuantileGrid grid = forecast.Grids[v];
                foreach (double value in grid.Point)
                {
                    writer.Write(value);
                }

                for (int step = 0; step < grid.Horizon; step++)
                {
                    foreach (double value in grid.At(step))
                    {
                        writer.Write(value);
                    }
                }
            }

            writer.Write(forecast.Dates?.Count ?? -1);
            foreach (DateTime date in forecast.Dates ?? [])
            {
                writer.Write(date.ToBinary());
            }

            writer.Write(forecast.Notes.Count);
            foreach (string note in forecast.Notes)
            {
                writer.Write(note);
            }
        }

        writer.Flush();
        return bytes.ToArray();
    }

    public static IReadOnlyList<(int Key, Forecast Forecast)> Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var all = new (int, Forecast)[reader.ReadInt32()];
        for (int i = 0; i < all.Length; i++)
        {
            int key = reader.ReadInt32();
            string series = reader.ReadString();
            string method = reader.ReadString();
            int horizon = reader.ReadInt32();
            string[] variables = new string[reader.ReadInt32()];
            var grids = new QuantileGrid[variables.Length];
            for (int v = 0; v < variables.Length; v++)
            {
                variables[v] = reader.ReadString();
                grids[v] = QuantileGrid.Of(Numbers(reader, horizon), Numbers(reader, horizon * QuantileGrid.Levels.Count));
            }

            int count = reader.ReadInt32();
            DateTime[]? dates = count < 0 ? null
                : [.. Enumerable.Range(0, count).Select(_ => DateTime.FromBinary(reader.ReadInt64()))];
            string[] notes = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString())];
            all[i] = (key, new Forecast(series, method, variables, grids, dates, notes));
        }

        return all;
    }

    private static double[] Numbers(BinaryReader reader, int count)
    {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = reader.ReadDouble();
        }

        return numbers;
    }
}
