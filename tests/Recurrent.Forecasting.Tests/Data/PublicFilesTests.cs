using System.Globalization;
using System.Text;
using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>Files in the shapes that public series have: each is read without a word about how it is written.</summary>
[TestFixture]
public sealed class PublicFilesTests
{
    // Name, text, variable, first date, frequency, first values.
    private static IEnumerable<TestCaseData> Series()
    {
        yield return Case("Passengers", "Month,#Passengers\n1949-01,112\n1949-02,118\n1949-03,132\n", "#Passengers", "1949-01-01",
            "monthly", 112, 118, 132);
        yield return Case("Passengers_of_R",
            "\"\",\"time\",\"AirPassengers\"\n\"1\",1949,112\n\"2\",1949.08333333333,118\n\"3\",1949.16666666667,132\n",
            "AirPassengers", "1949-01-01", "monthly", 112, 118, 132);
        yield return Case("Passengers_by_year_and_month",
            "year,month,passengers\n1949,January,112\n1949,February,118\n1949,March,132\n", "passengers",
            "1949-01-01", "monthly", 112, 118, 132);
        yield return Case("Passengers_of_a_spreadsheet",
            "Month,Passengers\nJan-49,112\nFeb-49,118\nDec-49,1\nJan-50,4\nJan-60,5\n", "Passengers", "1949-01-01",
            null, 112, 118, 1, 4, 5);
        yield return Case("Weather",
            "date,precipitation,temp_max,weather\n2012-01-01,0.0,12.8,drizzle\n2012-01-02,10.9,10.6,rain\n"
                + "2012-01-03,0.8,11.7,rain\n",
            "precipitation", "2012-01-01", "daily", 0, 10.9, 0.8);
        yield return Case("Weather_with_slashes_and_text_first",
            "weather,date,temp\nrain,2012/01/01,12.8\nsun,2012/01/02,10.6\nrain,2012/01/03,1\n", "temp", "2012-01-01", "daily",
                12.8, 10.6, 1);
        yield return Case("Energy", "time,load\n2015/01/01 01:00:00,12.5\n2015/01/01 02:00:00,13\n2015/01/01 03:00:00,NA\n",
            "load", "2015-01-01T01:00:00",
            "hourly", 12.5, 13, double.NaN);
        yield return Case("Energy_with_offsets",
            "utc_timestamp,load\n2015-01-01T00:00:00Z,1\n2015-01-01T01:00:00Z,2\n2015-01-01T02:00:00Z,3\n", "load",
            "2015-01-01T00:00:00", "hourly", 1, 2, 3);
        yield return Case("Energy_over_summer_time",
            "time,load\n2015-03-29 00:00:00+01:00,1\n2015-03-29 01:00:00+01:00,2\n2015-03-29 03:00:00+02:00,3\n2015-03-29 "
                + "04:00:00+02:00,4\n", "load",
            "2015-03-28T23:00:00", "hourly", 1, 2, 3, 4);
        yield return Case("Days_of_a_clock_with_summer_time",
            "time,load\n2015-03-28 00:00:00+01:00,1\n2015-03-29 00:00:00+01:00,2\n2015-03-30 00:00:00+02:00,3\n", "load",
                "2015-03-28", "daily", 1, 2, 3);
        yield return Case("Sunspots_of_their_institute",
            "1749;01;1749.042;  96.7; -1.0;   -1;1\n1749;02;1749.123; 104.3; -1.0;   -1;1\n1749;03;1749.204; 116.7; -1.0;   "
                + "-1;1\n",
            "column 4", "1749-01-01", "monthly", 96.7, 104.3, 116.7);
        yield return Case("Sunspots_by_decimal_years",
            "date,spots\n1749.042,96.7\n1749.123,104.3\n1749.204,116.7\n1749.288,92.8\n", "spots", "1749-01-01",
            "monthly", 96.7, 104.3, 116.7, 92.8);
        yield return Case("Yearly_sunspots", "YEAR,SUNACTIVITY\n1700,5\n1701,11\n1702,16\n", "SUNACTIVITY", "1700-01-01",
            "yearly", 5, 11, 16);
        yield return Case("Yearly_by_middles", "1700.5;   8.3; -1.0\n1701.5;  18.3; -1.0\n1702.5;  26.7; -1.0\n", "column 2",
            "1700-01-01", "yearly", 8.3, 18.3, 26.7);
        yield return Case("German_file", "Datum;Verbrauch (kWh)\n31.01.2024;1.234,5\n29.02.2024;1.000,25\n31.03.2024;987,5\n",
            "Verbrauch (kWh)", "2024-01-31",
            "month ends", 1234.5, 1000.25, 987.5);
        yield return Case("Monthly_starts_that_only_fit_day_first",
            "Datum;x\n" + string.Concat(Enumerable.Range(0, 14).Select(i => $"01.{(i % 12) + 1:00}.{2020 + (i / 12)};{i}\n")),
                "x", "2020-01-01", "monthly", 0, 1, 2);
        yield return Case("Words_alone", "Date,Close\n1/31/24,up\n", null, null, null);
        yield return Case("American_days", "Date,Close\n1/30/2024,5\n1/31/2024,6\n2/1/2024,7\n", "Close", "2024-01-30", "daily",
            5, 6, 7);
        yield return Case("Prices",
            "Date,Open,Volume\n2024-01-04,1.5,\"1,234\"\n2024-01-05,1.6,\"2,000\"\n2024-01-08,1.7,\"3,500\"\n2024-01-09,1,1\n",
                "Open",
            "2024-01-04", "business daily", 1.5, 1.6, 1.7, 1);
        yield return Case("Air_quality",
            "Date;Time;CO(GT);;\n10/03/2004;18.00.00;2,6;;\n10/03/2004;19.00.00;2;;\n13/03/2004;20.00.00;2,2;;\n", "CO(GT)",
            "2004-03-10T18:00:00", null, 2.6, 2, 2.2);
        yield return Case("Household_power",
            "Date;Time;Global_active_power\n16/12/2006;17:24:00;4.216\n16/12/2006;17:25:00;?\n16/12/2006;17:26:00;5.374\n",
            "Global_active_power", "2006-12-16T17:24:00", "1 minute", 4.216, double.NaN, 5.374);
        yield return Case("Bikes_by_hour", "instant,dteday,hr,cnt\n1,2011-01-01,0,16\n2,2011-01-01,1,40\n3,2011-01-01,2,32\n",
            "cnt", "2011-01-01", "hourly", 16, 40, 32);
        yield return Case("Beijing", "No,year,month,day,hour,pm2.5\n1,2010,1,1,0,NA\n2,2010,1,1,1,129\n3,2010,1,1,2,148\n",
            "pm2.5", "2010-01-01", "hourly",
            double.NaN, 129, 148);
        yield return Case("Temperatures",
            "\"Date\",\"Daily minimum temperatures in Melbourne, Australia, "
                + "1981-1990\"\n\"1981-01-01\",20.7\n\"1981-01-02\",17.9\n\nSource: a library\n",
            "Daily minimum temperatures in Melbourne, Australia, 1981-1990", "1981-01-01", "daily", 20.7, 17.9);
        yield return Case("Fred", "observation_date,GDP\n1947-01-01,243.164\n1947-04-01,245.968\n1947-07-01,.\n", "GDP",
            "1947-01-01", "quarterly", 243.164, 245.968, double.NaN);
        yield return Case("Quarters", "quarter;gas\n1960 Q1;160.1\n1960 Q2;129.7\n1960 Q3;84.8\n", "gas", "1960-01-01",
            "quarterly", 160.1, 129.7, 84.8);
        yield return Case("Office_of_statistics", "TIME_PERIOD,OBS_VALUE\n2020M01,1\n2020M02,2\n2020M03,3\n", "OBS_VALUE",
            "2020-01-01", "monthly", 1, 2, 3);
        yield return Case("Index_of_a_data_frame", ",0\n2020-01-01,1.5\n2020-01-02,2.5\n", "0", "2020-01-01", "daily", 1.5, 2.5);
        yield return Case("Unix_seconds", "timestamp,value\n1577836800,1\n1577840400,2\n1577844000,3\n", "value",
            "2020-01-01T00:00:00", "hourly", 1, 2, 3);
        yield return Case("Unix_milliseconds", "ts,value\n1577836800000,1\n1577836860000,2\n", "value", "2020-01-01T00:00:00",
            "1 minute", 1, 2);
        yield return Case("Packed_dates", "date,tavg\n20200101,1\n20200102,2\n20200103,3\n", "tavg", "2020-01-01", "daily", 1, 2,
            3);
        yield return Case("Packed_months", "month,x\n202012,1\n202101,2\n202102,3\n", "x", "2020-12-01", "monthly", 1, 2, 3);
        yield return Case("Mauna_Loa",
            "# CO2 at Mauna Loa\n# \"a, b\"\nyear,month,decimal "
                + "date,average\n1958,3,1958.2027,315.70\n1958,4,1958.2877,317.45\n1958,5,1958.37,317.5\n",
            "average", "1958-03-01", "monthly", 315.7, 317.45, 317.5);
        yield return Case("No_dates", "0,1,2\n0.7855,1.611,0.861698\n0.7818,1.61,0.861104\n", "0", null, null, 0.7855, 0.7818);
        yield return Case("No_names", "2020-01-01,5\n2020-01-02,6\n", "column 2", "2020-01-01", "daily", 5, 6);
        yield return Case("One_column_without_a_name", "112\n118\n132\n", "column 1", null, null, 112, 118, 132);
        yield return Case("Units_below_the_header",
            "time,temp,wind\n,°C,m/s\n2020-01-01 00:00,1,2\n2020-01-01 06:00,2,3\n2020-01-01 12:00,3,4\n", "temp",
                "2020-01-01T00:00:00",
            "6 hours", 1, 2, 3);
        yield return Case("Percent_comments", "% made by a program\nt,x\n2020-01-01,1\n2020-01-02,2\n", "x", "2020-01-01",
            "daily", 1, 2);
        yield return Case("Weeks", "week,visits\n2019-W52,1\n2020-W01,2\n2020-W02,3\n", "visits", "2019-12-23", "weekly", 1, 2,
            3);
        yield return Case("Half_days", "when,x\n1/30/2020 11:00 PM,1\n1/31/2020 12:00 AM,2\n1/31/2020 1:00 AM,3\n", "x",
            "2020-01-30T23:00:00", "hourly", 1, 2, 3);
        yield return Case("Midnight_as_24", "when,x\n2020-01-30 23:00,1\n2020-01-30 24:00,2\n2020-01-31 01:00,3\n", "x",
            "2020-01-30T23:00:00", "hourly", 1, 2, 3);
        yield return Case("Bars", "date|x\n2020-01-01|1\n2020-01-02|2\n", "x", "2020-01-01", "daily", 1, 2);
        yield return Case("Trailing_separators", "date,x,,\n2020-01-01,1,,\n2020-01-02,2,,\n", "x", "2020-01-01", "daily", 1, 2);
        yield return Case("German_months", "Monat;x\nMärz 2020;1\nApril 2020;2\nMai 2020;3\n", "x", "2020-03-01", "monthly", 1, 2,
            3);
        yield return Case("Words_for_dates", "Date,x\n\"Wednesday, January 1, 2020\",1\n\"Thursday, January 2, 2020\",2\n", "x",
            "2020-01-01", "daily", 1, 2);
        yield return Case("Nanoseconds", "t,x\n2020-01-01 00:00:00.000000000,1\n2020-01-01 00:00:00.250000000,2\n", "x",
            "2020-01-01", "250 milliseconds", 1, 2);
        yield return Case("Semicolons_and_decimal_commas_without_names",
            "2020-01-01;1,5\n2020-01-02;2,5\n2020-01-03;3,5\n", "column 2",
            "2020-01-01", "daily", 1.5, 2.5, 3.5);
        yield return Case("Spans_of_hours",
            "MTU (CET/CEST),Load [MW]\n01.01.2020 00:00 - 01.01.2020 01:00,45\n01.01.2020 01:00 - 01.01.2020 02:00,44\n"
            + "13.01.2020 02:00 - 13.01.2020 03:00,43\n", "Load [MW]", "2020-01-01T00:00:00", null, 45, 44, 43);
        yield return Case("Spans_of_weeks",
            "week,x\n2020-01-06/2020-01-12,1\n2020-01-13/2020-01-19,2\n", "x", "2020-01-06", "weekly",
            1, 2);
        yield return Case("Names_of_rows_of_R", "\"x\"\n\"1\",112\n\"2\",118\n\"3\",132\n", "x", null, null, 112, 118, 132);
        yield return Case("Units_beside_a_column_of_texts",
            "time;power;note\nUTC;kW;\n2020-01-01 00:00;1;a\n2020-01-01 01:00;2;b\n2020-01-01 02:00;3;c\n", "power",
            "2020-01-01T00:00:00", "hourly", 1, 2, 3);
        yield return Case("Percent", "date,share\n2020-01-01,5%\n2020-01-02,-6.5%\n", "share", "2020-01-01", "daily", 5, -6.5);
        yield return Case("Money", "date,price\n2020-01-01,\"$1,200.50\"\n2020-01-02,\"-$1,300.00\"\n2020-01-03,N/A\n", "price",
            "2020-01-01", "daily", 1200.5, -1300, double.NaN);
        yield return Case("A_row_for_each_year_and_a_column_for_each_month",
            "Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,J-D\n1949,112,118,132,129,121,135,148,148,136,119,104,118,126\n"
            + "1950,115,126,,,,,,,,,,,\n", "t", "1949-01-01", "monthly",
            112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126);
        yield return Case("No_century", "d,x\n01-Jan-99,1\n01-Jan-00,2\n01-Jan-01,3\n", "x", "1999-01-01", "yearly", 1, 2, 3);
    }

    [TestCaseSource(nameof(Series))]
    public void A_series_is_read(string text, string? variable, string? start, string? frequency, double[] values)
    {
        if (variable is null)
        {
            Assert.That(() => CsvTable.Parse(text, "t.csv").ToSeries(), Throws.TypeOf<CsvException>()
                .With.Message.Contains("has no column of numbers"));
            return;
        }

        TimeSeries series = CsvTable.Parse(text, "t.csv", new() { Gaps = frequency is null ? DateGaps.Accept : DateGaps.Refuse })
            .ToSeries();
        Assert.Multiple(() =>
        {
            Assert.That(series.Name, Is.EqualTo(variable));
            Assert.That(series.Values[..values.Length].ToArray(), Is.EqualTo(values));
            Assert.That(series.Dates?[0],
                Is.EqualTo(start is null ? (DateTime?)null : DateTime.Parse(start, CultureInfo.InvariantCulture)));
            if (frequency is not null)
            {
                Assert.That(series.Frequency?.Name, Is.EqualTo(frequency));
            }
        });
    }

    private const string Stocks = "symbol,date,price\nMSFT,Jan 1 2000,39.81\nMSFT,Feb 1 2000,36.35\nMSFT,Mar 1 2000,43.22\n"
        + "AMZN,Jan 1 2000,64.56\nAMZN,Feb 1 2000,68.87\nAMZN,Mar 1 2000,67\n";

    private const string Covid = "iso_code,continent,location,date,total_cases,population\n"
        + "AFG,Asia,Afghanistan,2020-01-03,,41128772\n"
        + "AFG,Asia,Afghanistan,2020-01-04,1,41128772\nAFG,Asia,Afghanistan,2020-01-05,2,41128772\n"
        + "ALB,Europe,Albania,2020-01-03,0,2842318\n"
        + "ALB,Europe,Albania,2020-01-04,3,2842318\nALB,Europe,Albania,2020-01-05,,2842318\n";

    [Test]
    public void A_long_file_is_recognised_and_offered_as_a_panel() => Assert.Multiple(() =>
    {
        Assert.That(() => CsvTable.Parse(Stocks, "stocks.csv").ToSeries(), Throws.TypeOf<CsvException>().With.Message.EqualTo(
            "stocks.csv holds 2 series, one below the other, named by column 'symbol': MSFT, AMZN. Read them all with "
                + "SeriesPanel.FromCsv "
            + "(or ToPanel), or one with Series = \"MSFT\"."));
        Assert.That(CsvTable.Parse(Stocks, "s", new() { Series = "AMZN" }).ToSeries().Values.ToArray(),
            Is.EqualTo(new[] { 64.56, 68.87, 67 }));
        Assert.That(() => CsvTable.Parse(Stocks, "s", new() { Series = "AMZM" }).ToSeries(),
            Throws.TypeOf<CsvException>().With.Message.Contains("Did you mean 'AMZN'?"));
        Assert.That(() => CsvTable.Parse(Stocks, "s").Series("price", "date"), Throws.TypeOf<CsvException>()
            .With.Message.Contains("holds 2 series"));
    });

    [Test]
    public void Panels_one_below_the_other()
    {
        SeriesPanel stocks = CsvTable.Parse(Stocks, "stocks.csv").ToPanel();
        SeriesPanel covid = CsvTable.Parse(Covid, "covid.csv").ToPanel();
        SeriesPanel energy = CsvTable.Parse(
            "year,source,net_generation\n2001-01-01,Fossil Fuels,35361\n2002-01-01,Fossil "
                + "Fuels,35991\n2001-01-01,Wind,1437\n2002-01-01,Wind,1963\n",
            "e.csv").ToPanel();
        SeriesPanel sales = CsvTable.Parse("date,store,item,sales\n" + string.Concat(
            from store in new[] { 1, 2 }
            from item in new[] { 1, 2, 3 }
            from day in new[] { 1, 2,
                3 }
            select $"2013-01-0{day},{store},{item},{store + item + day}\n"), "s").ToPanel();
        Assert.Multiple(() =>
        {
            Assert.That(stocks.Names, Is.EqualTo(new[] { "MSFT", "AMZN" }));
            Assert.That(stocks["MSFT"].Frequency, Is.EqualTo(Frequency.Monthly));
            Assert.That(stocks["MSFT"].Variables, Is.EqualTo(new[] { "price" }));
            Assert.That(covid.Names, Is.EqualTo(new[] { "Afghanistan", "Albania" }));
            Assert.That(covid["Albania"].Values.ToArray(), Is.EqualTo(new[] { 0, 3, double.NaN }));
            Assert.That(covid.Attributes["Albania"]["continent"].Text, Is.EqualTo("Europe"));
            Assert.That(covid.Attributes["Albania"]["population"].Number, Is.EqualTo(2842318));
            Assert.That(energy["Wind"].Values.ToArray(), Is.EqualTo(new[] { 1437.0, 1963 }));
            Assert.That(sales.Names, Is.EqualTo(new[] { "1/1", "1/2", "1/3", "2/1", "2/2", "2/3" }));
            Assert.That(sales["2/3"].Values.ToArray(), Is.EqualTo(new[] { 6.0, 7, 8 }));
        });
    }

    [Test]
    public void Panels_in_rows_and_side_by_side()
    {
        SeriesPanel m4 = CsvTable.Parse(
            "\"V1\",\"V2\",\"V3\",\"V4\",\"V5\"\n\"H1\",\"605\",\"586\",\"586\",\"559\"\n\"H2\",\"3124\",\"2990\",,\n", "m4.csv")
                .ToPanel();
        SeriesPanel cases = CsvTable.Parse(
            "Province/State,Country/Region,Lat,Long,1/22/20,1/23/20,1/24/20,1/25/20\n,Albania,41.1,20.1,0,0,1,2\n"
            + "Hubei,China,30.9,112.2,444,444,549,761\n"
            + "Macau,China,22.1,113.5,1,2,2,2\n", "jhu.csv").ToPanel();
        SeriesPanel bank = CsvTable.Parse(
            "Country Name,Country Code,1960,1961,1962\nAruba,ABW,54211,55438,\nAngola,AGO,,5300000,5400000\n", "b.csv").ToPanel();
        SeriesPanel wide = CsvTable.Parse("date,a,b,note\n2020-01-01,1,4,x\n2020-01-02,2,5,y\n", "w.csv").ToPanel();
        Assert.Multiple(() =>
        {
            Assert.That(m4["H2"].Values.ToArray(), Is.EqualTo(new[] { 3124.0, 2990 }));
            Assert.That(m4["H1"].Count, Is.EqualTo(4));
            Assert.That(cases.Names, Is.EqualTo(new[] { "Albania", "Hubei/China", "Macau/China" }));
            Assert.That(cases["Hubei/China"].Dates![1], Is.EqualTo(new DateTime(2020, 1, 23)));
            Assert.That(cases.Attributes["Hubei/China"]["Lat"].Number, Is.EqualTo(30.9));
            Assert.That(bank["Angola"].Dates![0], Is.EqualTo(new DateTime(1961, 1, 1)));
            Assert.That(bank["Aruba"].Frequency, Is.EqualTo(Frequency.Yearly));
            Assert.That(bank.Attributes["Aruba"]["Country Code"].Text, Is.EqualTo("ABW"));
            Assert.That(wide.Names, Is.EqualTo(new[] { "a", "b" }));
            Assert.That(wide["b"].Values.ToArray(), Is.EqualTo(new[] { 4.0, 5 }));
            Assert.That(() => CsvTable.Parse("Country Name,1960,1961,1962\nAruba,1,2,3\nAngola,1,2,3\n", "b.csv").ToSeries(),
                Throws.TypeOf<CsvException>().With.Message.Contains("b.csv holds 2 series, one in each row: Aruba, Angola."));
        });
    }

    [Test]
    public void Panels_with_lines_above_with_attributes_and_without_dates()
    {
        SeriesPanel bank = CsvTable.Parse(
            "Data Source,World Development Indicators\n\nLast Updated Date,2024-01-01\n\n"
            + "Country Name,Country Code,1960,1961,1962\nAruba,ABW,54608,55811,56682\nAfrica,AFE,1,2,3\n", "b.csv").ToPanel();
        SeriesPanel sales = CsvTable.Parse(
            "id,item_id,dept_id,d_1,d_2,d_3,d_4\nA_1,A,X,0,0,1,2\nB_1,B,X,3,1,0,0\n", "m5.csv").ToPanel();
        const string steps = "unique_id,ds,y\nH1,1,10\nH1,2,11\nH2,1,20\nH2,2,21\n";
        SeriesPanel numbered = CsvTable.Parse(steps, "m4.csv").ToPanel();
        Assert.Multiple(() =>
        {
            Assert.That(bank["Africa"].Values.ToArray(), Is.EqualTo(new[] { 1.0, 2, 3 }));
            Assert.That(bank["Aruba"].Dates![2], Is.EqualTo(new DateTime(1962, 1, 1)));
            Assert.That(sales["B_1"].Values.ToArray(), Is.EqualTo(new[] { 3.0, 1, 0, 0 }));
            Assert.That(sales.Attributes["B_1"]["item_id"].Text, Is.EqualTo("B"));
            Assert.That(numbered["H2"].Values.ToArray(), Is.EqualTo(new[] { 20.0, 21 }));
            Assert.That(() => CsvTable.Parse(steps, "m4.csv").ToSeries(),
                Throws.TypeOf<CsvException>().With.Message.StartsWith("m4.csv holds 2 series"));
        });
    }

    [Test]
    public void A_series_of_all_columns()
    {
        TimeSeries series = CsvTable.Parse("date,rain,kind,wind\n2020-01-01,1,a,4\n2020-01-02,,b,5\n", "seattle.csv",
            new() { AllColumns = true }).ToSeries();
        Assert.That(series.Variables, Is.EqualTo(new[] { "rain", "wind" }));
        Assert.That(series.Name, Is.EqualTo("seattle"));
        Assert.That(series.Variable("wind").ToArray(), Is.EqualTo(new[] { 4.0, 5 }));
    }

    private static TestCaseData Case(string name, string text, string? variable, string? start, string? frequency,
        params double[] values) =>
        new TestCaseData(text, variable, start, frequency, values).SetName(name);

    [TestCase("date_of_month")]
    [TestCase("DOM")]
    [TestCase("jour du mois")]
    public void Days_of_months_are_found_by_what_they_hold(string name)
    {
        var text = new StringBuilder($"year,month,{name},day_of_week,births\n");
        for (var day = new DateTime(1999, 11, 27); day < new DateTime(2000, 3, 4); day = day.AddDays(1))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{day.Year},{day.Month},{day.Day},{(int)day.DayOfWeek + 1},{8000 + day.DayOfYear}\n");
        }

        TimeSeries series = CsvTable.Parse(text.ToString(), "births.csv").ToSeries();
        Assert.Multiple(() =>
        {
            Assert.That(series.Frequency, Is.EqualTo(Frequency.Daily));
            Assert.That(series.Dates![0], Is.EqualTo(new DateTime(1999, 11, 27)));
            Assert.That(series.Dates![^1], Is.EqualTo(new DateTime(2000, 3, 3)));
            Assert.That(series.Variables, Does.Contain("births"));
        });
    }
}
